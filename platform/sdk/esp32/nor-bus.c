/*
 * The two storage media on SPI2 (platform/native/nor.c has their commands), by ESP-IDF's SPI driver. The longest wait
 * is a sector's erase: 400 ms at most with all makers (W25Q64JV data sheet, section 9.6); other tasks run meanwhile.
 *
 * Not compiled where there is no ESP-IDF: test/sdk/esp32.test.ts checks it against ESP-IDF's own headers where IDF_PATH
 * is set.
 */
#include "pins.h"

#include "../../native/arguments.h"
#include "../../native/nor.h"

#include "driver/spi_master.h"
#include "esp_heap_caps.h"
#include "esp_rom_sys.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

#include <string.h>

#define CHIPS 2
#define CLOCK_HZ 40000000
/* A command and its data in one transfer: a page, or a part of a long read. */
#define COMMAND_MAX 5
#define PART_MAX 4091
/* Looks without a pause, about 10 us each, for a page (0.4 ms typically); then one a tick of 1 ms. */
#define QUICK_LOOKS 100
#define LOOKS_MAX 1100

static spi_device_handle_t chips[CHIPS];
/* DMA reads and writes internal RAM only. */
static uint8_t* outgoing;
static uint8_t* incoming;

static int start(void)
{
	static const int selects[CHIPS] = { NOR_SELECT_A_PIN, NOR_SELECT_B_PIN };
	spi_bus_config_t bus = {
		.mosi_io_num = NOR_OUT_PIN,
		.miso_io_num = NOR_IN_PIN,
		.sclk_io_num = NOR_CLOCK_PIN,
		.quadwp_io_num = PIN_NONE,
		.quadhd_io_num = PIN_NONE,
		.max_transfer_sz = COMMAND_MAX + PART_MAX,
	};
	int index;
	if (outgoing)
		return 1;
	if (spi_bus_initialize(SPI2_HOST, &bus, SPI_DMA_CH_AUTO) != ESP_OK)
		return 0;
	for (index = 0; index < CHIPS; index++) {
		spi_device_interface_config_t device = {
			.mode = 0, .clock_speed_hz = CLOCK_HZ, .spics_io_num = selects[index], .queue_size = 1
		};
		if (spi_bus_add_device(SPI2_HOST, &device, &chips[index]) != ESP_OK)
			return 0;
	}
	incoming = heap_caps_malloc(COMMAND_MAX + PART_MAX, MALLOC_CAP_DMA);
	outgoing = heap_caps_malloc(COMMAND_MAX + PART_MAX, MALLOC_CAP_DMA);
	return incoming && outgoing;
}

void spi_transfer(int chip, const void* out, size_t out_length, void* in, size_t in_length)
{
	spi_transaction_t transaction = { .length = 8 * (out_length + in_length) };
	/* What is read when no chip drives the line. */
	if (in_length > 0)
		memset(in, 0xff, in_length);
	if (!start() || out_length + in_length > COMMAND_MAX + PART_MAX)
		return;
	memcpy(outgoing, out, out_length);
	memset(outgoing + out_length, 0, in_length);
	transaction.tx_buffer = outgoing;
	transaction.rx_buffer = incoming;
	if (spi_device_polling_transmit(chips[chip], &transaction) == ESP_OK && in_length > 0)
		memcpy(in, incoming + out_length, in_length);
	memset(outgoing, 0, out_length);
	memset(incoming, 0, out_length + in_length);
}

int spi_pause(int looks)
{
	if (looks > QUICK_LOOKS)
		vTaskDelay(1);
	return looks < LOOKS_MAX;
}

static int chip_of(xsMachine* the)
{
	return argument_range(the, 0, 0, CHIPS - 1);
}

void spi_delay(uint32_t microseconds)
{
	esp_rom_delay_us(microseconds);
}

/* size(chip): bytes; 0 when no chip answers */
void xs_nor_size(xsMachine* the)
{
	struct nor_part part;
	xsmcSetNumber(xsResult, nor_open(chip_of(the), &part) ? part.size : 0);
}

/* wasProtected(chip): see struct nor_part; false when no chip answers */
void xs_nor_was_protected(xsMachine* the)
{
	struct nor_part part;
	xsmcSetBoolean(xsResult, nor_open(chip_of(the), &part) && part.was_protected);
}

/* read(chip, address, out): false when the chip does not answer */
void xs_nor_read(xsMachine* the)
{
	int chip = chip_of(the);
	uint32_t address = (uint32_t)argument_range(the, 1, 0, NOR_SIZE_MAX - 1);
	struct bytes out = argument_writable(the, 2);
	size_t at;
	int good = 1;
	for (at = 0; good && at < out.length; at += PART_MAX) {
		size_t part = out.length - at < PART_MAX ? out.length - at : PART_MAX;
		good = nor_read(chip, address + (uint32_t)at, out.at + at, (uint32_t)part);
	}
	xsmcSetBoolean(xsResult, good);
}

/* program(chip, address, data): false when the chip does not answer */
void xs_nor_program(xsMachine* the)
{
	int chip = chip_of(the);
	uint32_t address = (uint32_t)argument_range(the, 1, 0, NOR_SIZE_MAX - 1);
	struct bytes data = argument_bytes(the, 2);
	int good = nor_program(chip, address, data.at, (uint32_t)data.length);
	xsmcSetBoolean(xsResult, good);
}

/* erase(chip, sector): false when the chip does not answer */
void xs_nor_erase(xsMachine* the)
{
	int chip = chip_of(the);
	int good = nor_erase(chip, (uint32_t)argument_range(the, 1, 0, NOR_SIZE_MAX / NOR_SECTOR - 1));
	xsmcSetBoolean(xsResult, good);
}
