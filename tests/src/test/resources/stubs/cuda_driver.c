/* libcuda: STUB_GPUS lists "name|bytes|capability;..."; CUDA_VISIBLE_DEVICES hides them all or is not set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char name_[256];
static long bytes_;
static int capability_;

static int find(int device) {
    char *all = strdup(getenv("STUB_GPUS")), *rest = all;
    for (char *one; (one = strsep(&rest, ";")); device--)
        if (device == 0) return sscanf(one, "%[^|]|%ld|%d", name_, &bytes_, &capability_) == 3;
    return 0;
}

int cuInit(unsigned flags) { return getenv("CUDA_VISIBLE_DEVICES") ? 100 : atoi(getenv("STUB_ERROR")); }
int cuDriverGetVersion(int *version) { *version = atoi(getenv("STUB_CUDA")); return 0; }
int cuDeviceGetCount(int *count) { for (*count = 0; find(*count); ++*count); return 0; }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
int cuDeviceGetName(char *name, int length, int device) { find(device); strncpy(name, name_, length); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { find(device); *bytes = bytes_; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    find(device);
    *value = attribute == 75 ? capability_ / 10 : capability_ % 10;
    return 0;
}
int cuDeviceGetUuid_v2(char *uuid, int device) { memset(uuid, 0x11 * (device + 1), 16); return 0; }
int cuGetErrorString(int error, const char **text) {
    *text = error == 100 ? "no CUDA-capable device is detected" : "system not yet initialized";
    return 0;
}
