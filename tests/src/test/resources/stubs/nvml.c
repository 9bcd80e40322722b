/* libnvidia-ml: one GPU, which does what the test says. */
#include <string.h>

static int percent, memory, watts, megahertz, celsius, reasons;

void stub(int p, int m, int w) { percent = p; memory = m; watts = w; }
void stub_clock(int m, int c, int r) { megahertz = m; celsius = c; reasons = r; }
int nvmlInit_v2(void) { return 0; }
int nvmlSystemGetDriverVersion(char *version, unsigned length) { strncpy(version, "550.54.15", length); return 0; }
int nvmlDeviceGetHandleByUUID(const char *uuid, void **gpu) {
    *gpu = &percent;
    return strcmp(uuid, "GPU-11111111-1111-1111-1111-111111111111") ? 6 : 0;
}
int nvmlDeviceGetUtilizationRates(void *gpu, unsigned *rates) {
    rates[0] = percent;
    rates[1] = 7;
    return gpu != &percent || percent < 0;
}
int nvmlDeviceGetMemoryInfo(void *gpu, unsigned long long *bytes) {
    bytes[0] = 16ull << 30;
    bytes[2] = (unsigned long long) memory << 20;
    return 0;
}
int nvmlDeviceGetPowerUsage(void *gpu, unsigned *milliwatts) { *milliwatts = 1000 * watts; return watts < 0 ? 3 : 0; }
int nvmlDeviceGetClockInfo(void *gpu, unsigned clock, unsigned *mhz) { *mhz = megahertz; return clock == 1 ? 0 : 2; }
int nvmlDeviceGetMaxClockInfo(void *gpu, unsigned clock, unsigned *mhz) { *mhz = 1590; return clock == 1 ? 0 : 2; }
int nvmlDeviceGetTemperature(void *gpu, unsigned sensor, unsigned *c) { *c = celsius; return sensor == 0 && celsius > 0 ? 0 : 3; }
#ifndef OLD_NAME
#define OLD_NAME nvmlDeviceGetCurrentClocksThrottleReasons
#endif
int OLD_NAME(void *gpu, unsigned long long *now) { *now = (unsigned long long) reasons; return reasons < 0 ? 3 : 0; }
