// What JupyterLabTest asks the page about one output; each answer is a list of what is wrong, in words.

/** What sticks out to the right of the output, and lies in no box of its own that scrolls. */
function tooWide(output) {
  const edge = output.getBoundingClientRect().right + 1;
  const scrolls = element => element !== output
    && (getComputedStyle(element).overflowX === "auto" || scrolls(element.parentElement));
  return [...output.querySelectorAll("*")]
    .filter(element => element.getBoundingClientRect().right > edge && !scrolls(element))
    .map(element => `${element.tagName} ${Math.round(element.getBoundingClientRect().right - edge)} pixels too wide`);
}

/** Text whose contrast to what is behind it is below `least`, as the Web Content Accessibility Guidelines reckon it. */
function tooFaint(output, least) {
  const rgba = colour => colour.match(/[\d.]+/g).map(Number);
  const behind = element => {
    const [r, g, b, alpha = 1] = rgba(getComputedStyle(element).backgroundColor);
    return alpha > 0.99 || !element.parentElement ? [r, g, b]
      : behind(element.parentElement).map((under, i) => alpha * [r, g, b][i] + (1 - alpha) * under);
  };
  const luminance = colour => colour.slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = element => {
    const both = [rgba(getComputedStyle(element).color), behind(element)].map(luminance);
    return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  };
  return [...output.querySelectorAll("*")]
    .filter(element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter(element => contrast(element) < least)
    .map(element => `"${element.textContent}" has a contrast of ${contrast(element).toFixed(1)}`);
}
