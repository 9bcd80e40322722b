/** Finds the photos of an unzipped data set and their classes, decodes and resizes them, and feeds them to a training. */
package tutorial.photos;
