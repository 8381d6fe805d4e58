/*
 * The reference terminal's network: a W5500 on SPI3 by ESP-IDF's esp_eth and the component espressif/w5500, which
 * manifest.json pins. The address comes by DHCP; TCP is the SDK's, over lwIP. The controller's reset line is tied to
 * the
 * module's own, and its interrupt line has no pin: it is asked every POLL_MS.
 *
 * Not compiled where there is no ESP-IDF: test/sdk/esp32.test.ts checks it against ESP-IDF's own headers where IDF_PATH
 * is set.
 */
#include "pins.h"

#include "../../native/arguments.h"

#include "driver/spi_master.h"
#include "esp_eth.h"
#include "esp_eth_mac_w5500.h"
#include "esp_eth_phy_w5500.h"
#include "esp_event.h"
#include "esp_mac.h"
#include "esp_netif.h"

#define NETWORK_HOST SPI3_HOST
/* The chip takes 33 MHz at least (W5500 data sheet, SPI timing); half of it leaves room for the wires. */
#define NETWORK_HZ 16000000
#define QUEUE_LENGTH 20
/* At 10 ms a frame waits 5 on average; the chip's 16 KB of receive buffer fill in 1.3 ms of a full 100 Mbit/s line. */
#define POLL_MS 10

/* From an empty event loop to a started driver; ESP-IDF's number of what failed. */
static esp_err_t bring_up(xsMachine* the)
{
	spi_bus_config_t bus = {
		.mosi_io_num = NETWORK_OUT_PIN,
		.miso_io_num = NETWORK_IN_PIN,
		.sclk_io_num = NETWORK_CLOCK_PIN,
		.quadwp_io_num = PIN_NONE,
		.quadhd_io_num = PIN_NONE,
	};
	/* 16 bits of address and 8 of control, in the driver's words; it fills them in when both are 0 */
	spi_device_interface_config_t device = {
		.mode = 0,
		.clock_speed_hz = NETWORK_HZ,
		.spics_io_num = NETWORK_SELECT_PIN,
		.queue_size = QUEUE_LENGTH,
	};
	eth_w5500_config_t chip = ETH_W5500_DEFAULT_CONFIG(NETWORK_HOST, &device);
	eth_mac_config_t mac_config = ETH_MAC_DEFAULT_CONFIG();
	eth_phy_config_t phy_config = ETH_PHY_DEFAULT_CONFIG();
	esp_netif_config_t interface_config = ESP_NETIF_DEFAULT_ETH();
	esp_eth_config_t driver_config;
	esp_eth_handle_t driver = NULL;
	esp_netif_t* interface;
	esp_eth_mac_t* mac;
	esp_eth_phy_t* phy;
	uint8_t address[6];
	esp_err_t error;

	error = esp_netif_init();
	if (error != ESP_OK)
		return error;
	error = esp_event_loop_create_default();
	if (error != ESP_OK && error != ESP_ERR_INVALID_STATE)
		return error;
	error = spi_bus_initialize(NETWORK_HOST, &bus, SPI_DMA_CH_AUTO);
	if (error != ESP_OK)
		return error;

	chip.int_gpio_num = PIN_NONE;
	chip.poll_period_ms = POLL_MS;
	phy_config.reset_gpio_num = PIN_NONE;
	mac = esp_eth_mac_new_w5500(&chip, &mac_config);
	phy = esp_eth_phy_new_w5500(&phy_config);
	if (!mac || !phy)
		xsUnknownError("network: no memory");
	driver_config = (esp_eth_config_t)ETH_DEFAULT_CONFIG(mac, phy);
	/* this asks the chip for its version: an empty socket ends here */
	error = esp_eth_driver_install(&driver_config, &driver);
	if (error != ESP_OK) {
		mac->del(mac);
		phy->del(phy);
		spi_bus_free(NETWORK_HOST);
		return error;
	}

	/* the W5500 has no address of its own */
	error = esp_read_mac(address, ESP_MAC_ETH);
	if (error == ESP_OK)
		error = esp_eth_ioctl(driver, ETH_CMD_S_MAC_ADDR, address);
	if (error != ESP_OK)
		return error;
	interface = esp_netif_new(&interface_config);
	if (!interface)
		xsUnknownError("network: no memory");
	error = esp_netif_attach(interface, esp_eth_new_netif_glue(driver));
	if (error != ESP_OK)
		return error;
	return esp_eth_start(driver);
}

/* start(): once; 0, or the number of what failed, which is no reason for the terminal to stop */
void xs_network_start(xsMachine* the)
{
	static int has_started;
	if (has_started)
		xsTypeError("network: started already");
	has_started = 1;
	xsmcSetInteger(xsResult, (int)bring_up(the));
}
