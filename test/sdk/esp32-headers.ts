// What the ESP32's C includes of ESP-IDF: the component that must be named as a dependency for it, and the folder in
// which the SDK's makefile finds the header. esp32-sources.test.ts holds the C to it everywhere; esp32.test.ts holds it
// to the SDK's makefile and to ESP-IDF where these are.

export interface Header {
  /** As the manifest names it: "idf" of a dependency, or the name of a pinned component. */
  readonly component: string;
  /** Below ESP-IDF's components/, or below the pinned component. */
  readonly folder: string;
}

export const HEADERS: Readonly<Record<string, Header>> = {
  "bootloader_random.h": { component: "bootloader_support", folder: "bootloader_support/include" },
  "driver/spi_master.h": { component: "esp_driver_spi", folder: "esp_driver_spi/include" },
  "driver/uart.h": { component: "esp_driver_uart", folder: "esp_driver_uart/include" },
  "esp_eth.h": { component: "esp_eth", folder: "esp_eth/include" },
  "esp_eth_mac_w5500.h": { component: "w5500", folder: "include" },
  "esp_eth_phy_w5500.h": { component: "w5500", folder: "include" },
  "esp_event.h": { component: "esp_event", folder: "esp_event/include" },
  "esp_heap_caps.h": { component: "heap", folder: "heap/include" },
  "esp_lcd/rgb/include/esp_lcd_panel_rgb.h": { component: "esp_lcd", folder: "." },
  "esp_lcd_panel_ops.h": { component: "esp_lcd", folder: "esp_lcd/include" },
  "esp_mac.h": { component: "esp_hw_support", folder: "esp_hw_support/include" },
  "esp_netif.h": { component: "esp_netif", folder: "esp_netif/include" },
  "esp_random.h": { component: "esp_hw_support", folder: "esp_hw_support/include" },
  "esp_rom_sys.h": { component: "esp_rom", folder: "esp_rom/include" },
  "esp_system.h": { component: "esp_system", folder: "esp_system/include" },
  "esp_timer.h": { component: "esp_timer", folder: "esp_timer/include" },
  "freertos/FreeRTOS.h": { component: "freertos", folder: "freertos/FreeRTOS-Kernel/include" },
  "freertos/task.h": { component: "freertos", folder: "freertos/FreeRTOS-Kernel/include" },
};

/** Below components/: those of the folders that the makefile of SDK 8.2.3 offers to which a header above leads. */
export const SDK_FOLDERS: readonly string[] = [
  ".",
  "bootloader_support/include",
  "esp_driver_spi/include",
  "esp_driver_uart/include",
  "esp_eth/include",
  "esp_event/include",
  "esp_hw_support/include",
  "esp_lcd/include",
  "esp_netif/include",
  "esp_rom/include",
  "esp_system/include",
  "esp_timer/include",
  "freertos/FreeRTOS-Kernel/include",
  "heap/include",
];

export interface SdkSource {
  /** Modules that the C behind it belongs to: without one of them it does not link. */
  readonly modules: readonly string[];
  /** Components that it calls. */
  readonly components: readonly string[];
}

/**
 * What the reference terminal takes of the SDK's C beside the engine, by its name in the manifest. Whatever joins it
 * belongs here once it has been linked: what the SDK has for other boards need not suit ESP-IDF 6.
 */
export const SDK_SOURCES: Readonly<Record<string, SdkSource>> = {
  "$(IO)/common/builtinCommon": { modules: [], components: [] },
  "$(IO)/flash/manifest.json": { modules: [], components: [] },
  "$(IO)/socket/lwip/tcp": {
    modules: ["embedded:io/socket/tcp", "embedded:io/socket/listener"],
    components: ["lwip"],
  },
  "$(IO)/socket/lwip/listener": { modules: ["embedded:io/socket/tcp"], components: ["lwip"] },
};
