/*
 * Serial lines of the ESP32 by ESP-IDF's UART driver: its interrupt fills and empties ring buffers, so that no byte is
 * lost while a JavaScript turn runs. At 230400 baud RECEIVE_RING is 0.7 s of an uninterrupted stream; the printer's
 * line stops at the other end by clear to send. The SDK's own serial class has the 128 bytes of the hardware and throws
 * when they are full.
 *
 * Not compiled where there is no ESP-IDF: test/sdk/esp32.test.ts checks it against ESP-IDF's own headers where IDF_PATH
 * is set.
 */
#include "pins.h"

#include "../../native/arguments.h"

#include "driver/uart.h"

/* The driver wants a receive ring larger than the hardware's 128 bytes. */
#define RECEIVE_RING 16384
#define SEND_RING 4096
#define LINES 3
/* The hardware holds the other end off when so many of its 128 bytes are taken. */
#define FLOW_THRESHOLD 96

static const struct {
	int out, in, clear_to_send;
} pins[LINES] = {
	{ READER_OUT_PIN, READER_IN_PIN, PIN_NONE },
	{ PRINTER_OUT_PIN, PRINTER_IN_PIN, PRINTER_CLEAR_TO_SEND_PIN },
	{ PIN_NONE, FRONT_PANEL_IN_PIN, PIN_NONE },
};

static uart_port_t line_of(xsMachine* the)
{
	return (uart_port_t)argument_range(the, 0, 0, LINES - 1);
}

static void must(xsMachine* the, esp_err_t error)
{
	if (error != ESP_OK)
		xsUnknownError("uart: error %d", (int)error);
}

/* open(line, baud): 8N1 */
void xs_uart_open(xsMachine* the)
{
	uart_port_t line = line_of(the);
	int has_flow = pins[line].clear_to_send != PIN_NONE;
	uart_config_t config = {
		.baud_rate = argument_range(the, 1, 1200, 3000000),
		.data_bits = UART_DATA_8_BITS,
		.parity = UART_PARITY_DISABLE,
		.stop_bits = UART_STOP_BITS_1,
		.flow_ctrl = has_flow ? UART_HW_FLOWCTRL_CTS : UART_HW_FLOWCTRL_DISABLE,
		.rx_flow_ctrl_thresh = FLOW_THRESHOLD,
		.source_clk = UART_SCLK_DEFAULT,
	};
	must(the, uart_driver_install(line, RECEIVE_RING, SEND_RING, 0, NULL, 0));
	must(the, uart_param_config(line, &config));
	must(the,
		uart_set_pin(line, pins[line].out, pins[line].in, UART_PIN_NO_CHANGE,
			has_flow ? pins[line].clear_to_send : UART_PIN_NO_CHANGE));
}

/* close(line) */
void xs_uart_close(xsMachine* the)
{
	uart_driver_delete(line_of(the));
}

/* waiting(line): bytes that have come and were not read */
void xs_uart_waiting(xsMachine* the)
{
	size_t count = 0;
	must(the, uart_get_buffered_data_len(line_of(the), &count));
	xsmcSetInteger(xsResult, (xsIntegerValue)count);
}

/* free(line): bytes that write takes now */
void xs_uart_free(xsMachine* the)
{
	size_t count = 0;
	must(the, uart_get_tx_buffer_free_size(line_of(the), &count));
	xsmcSetInteger(xsResult, (xsIntegerValue)count);
}

/* read(line, out): fills `out`, of which no more than `waiting` may be asked */
void xs_uart_read(xsMachine* the)
{
	uart_port_t line = line_of(the);
	struct bytes out = argument_writable(the, 1);
	if (uart_read_bytes(line, out.at, (uint32_t)out.length, 0) != (int)out.length)
		xsRangeError("uart: less has come than was asked for");
}

/* write(line, bytes): no more than `free`, so that it does not wait */
void xs_uart_write(xsMachine* the)
{
	uart_port_t line = line_of(the);
	struct bytes bytes = argument_bytes(the, 1);
	size_t room = 0;
	must(the, uart_get_tx_buffer_free_size(line, &room));
	if (bytes.length > room)
		xsRangeError("uart: the transmitter is full");
	if (uart_write_bytes(line, bytes.at, bytes.length) != (int)bytes.length)
		xsUnknownError("uart: not all was taken");
}
