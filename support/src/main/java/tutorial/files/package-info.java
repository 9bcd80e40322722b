/** Files from elsewhere and files of our own: unzipping, downloads, safetensors and the table of results. Knows no other room. */
package tutorial.files;
