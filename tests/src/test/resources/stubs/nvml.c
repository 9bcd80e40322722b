/* libnvidia-ml: one GPU, which does what the test says. */
#include <string.h>

static int percent, memory, watts;

void stub(int p, int m, int w) { percent = p; memory = m; watts = w; }
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
