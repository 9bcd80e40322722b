/**
 * The machine: its processors and memory, NVIDIA's driver, which PyTorch to load, what a GPU does while it trains, and the
 * thread on which training can be stopped. Knows {@code tutorial.files} alone.
 */
package tutorial.machine;
