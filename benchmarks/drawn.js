// Notes when something was clicked, and when the last mark was drawn: an element, its text, or a stroke on a canvas.
(() => {
  const ignored = ".lp-busy, [data-testid=stStatusWidget], [data-testid=stToolbar], [data-testid=stHeader], #vg-tooltip-element"
  window.drawn = { asked: 0, last: 0 }
  let waiting = false
  const note = () => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      window.drawn.last = performance.now()
    })
  }
  const counts = (one) => {
    const where = one.target.nodeType === 1 ? one.target : one.target.parentElement
    if (!where || where.closest(ignored)) return false
    if (one.type !== "childList") return true
    const changed = [...one.addedNodes, ...one.removedNodes]
    return changed.some((node) => node.nodeType !== 1 || !node.matches(ignored))
  }
  new MutationObserver((list) => list.some(counts) && note()).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["d", "transform", "points", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "viewBox"],
  })
  for (const name of ["fill", "stroke", "fillText", "fillRect", "drawImage"]) {
    const draws = CanvasRenderingContext2D.prototype[name]
    CanvasRenderingContext2D.prototype[name] = function (...given) {
      note()
      return draws.apply(this, given)
    }
  }
  for (const kind of ["click", "change"])
    window.addEventListener(kind, () => (window.drawn.asked = performance.now()), { capture: true })
})()
