/**
 * Training with DJL, and its clock: the trainer, layers that save memory, mixed precision, what a run gave and what limits it.
 * The loop itself stands in the notebook's cells.
 */
package tutorial.training;
