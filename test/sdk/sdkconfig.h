/* ESP-IDF headers include a file of this name; what they ask of it is given on the command line (esp32.test.ts). */
