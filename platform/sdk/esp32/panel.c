/*
 * The reference terminal's panel: 1024x600 RGB565 over ESP-IDF's esp_lcd RGB driver, which sends the picture from PSRAM
 * through two short buffers in internal RAM (without them the panel starves while flash or PSRAM are busy). PixelsOut
 * writes into the driver's picture.
 *
 * Not compiled where there is no ESP-IDF: test/sdk/esp32.test.ts checks it against ESP-IDF's own headers where IDF_PATH
 * is set.
 */
#include "pins.h"

#include "../../native/arguments.h"

#include "esp_lcd_panel_ops.h"
/* the SDK's makefile has components/, and of esp_lcd its first folder only */
#include "esp_lcd/rgb/include/esp_lcd_panel_rgb.h"

#define WIDTH 1024
#define HEIGHT 600
/*
 * 51.2 MHz in the data sheets of such panels, for 60 pictures a second; PSRAM that others use as well carries about a
 * third of it.
 */
#define PIXEL_HZ 18000000
#define BOUNCE_ROWS 10

static esp_lcd_panel_handle_t panel;

static void must(xsMachine* the, esp_err_t error)
{
	if (error != ESP_OK)
		xsUnknownError("panel: error %d", (int)error);
}

/* start(): once; returns width * 65536 + height */
void xs_panel_start(xsMachine* the)
{
	static const int data_pins[16] = PANEL_DATA_PINS;
	esp_lcd_rgb_panel_config_t config = {
		.clk_src = LCD_CLK_SRC_DEFAULT,
		.timings = {
			.pclk_hz = PIXEL_HZ,
			.h_res = WIDTH,
			.v_res = HEIGHT,
			.hsync_pulse_width = 20,
			.hsync_back_porch = 140,
			.hsync_front_porch = 160,
			.vsync_pulse_width = 3,
			.vsync_back_porch = 20,
			.vsync_front_porch = 12,
		},
		.data_width = 16,
		.in_color_format = LCD_COLOR_FMT_RGB565,
		.out_color_format = LCD_COLOR_FMT_RGB565,
		.num_fbs = 1,
		.bounce_buffer_size_px = BOUNCE_ROWS * WIDTH,
		.hsync_gpio_num = PIN_NONE,
		.vsync_gpio_num = PIN_NONE,
		.de_gpio_num = PANEL_ENABLE_PIN,
		.pclk_gpio_num = PANEL_CLOCK_PIN,
		.disp_gpio_num = PIN_NONE,
		.flags = { .fb_in_psram = 1 },
	};
	int index;
	if (panel)
		xsTypeError("panel: started already");
	for (index = 0; index < 16; index++)
		config.data_gpio_nums[index] = data_pins[index];
	must(the, esp_lcd_new_rgb_panel(&config, &panel));
	must(the, esp_lcd_panel_reset(panel));
	must(the, esp_lcd_panel_init(panel));
	xsmcSetNumber(xsResult, WIDTH * 65536.0 + HEIGHT);
}

/* write(x, y, width, rows, pixels): the rectangle must lie within the panel, pixels.length be 2 * width * rows */
void xs_panel_write(xsMachine* the)
{
	int x = argument_range(the, 0, 0, WIDTH);
	int y = argument_range(the, 1, 0, HEIGHT);
	int width = argument_range(the, 2, 0, WIDTH);
	int rows = argument_range(the, 3, 0, HEIGHT);
	struct bytes pixels = argument_bytes(the, 4);
	if (!panel)
		xsTypeError("panel: not started");
	if (x + width > WIDTH || y + rows > HEIGHT)
		xsRangeError("the rectangle leaves the panel");
	if (pixels.length != 2 * (size_t)width * (size_t)rows)
		xsRangeError("argument 5: 2 bytes a pixel expected");
	if (pixels.length > 0)
		must(the, esp_lcd_panel_draw_bitmap(panel, x, y, x + width, y + rows, pixels.at));
}
