// Puts a page's HTML on the screen, and tells the server where a click leads or which file is asked for.
let asked = 0

// Browsers offer their clipboard only to secure addresses; elsewhere the text is selected and copied as by hand.
function copied(from) {
  if (navigator.clipboard) return navigator.clipboard.writeText(from.textContent)
  const marked = window.getSelection()
  marked.selectAllChildren(from)
  document.execCommand("copy")
  marked.removeAllRanges()
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".lp-root")
  const news = root.querySelector(".lp-busy")
  window.clearTimeout(asked)
  if (root.lpStamp !== data.stamp) {
    root.innerHTML = data.html
    root.lpStamp = data.stamp
    if (data.lang) document.documentElement.lang = data.lang === "en" ? "en" : "zh-CN"
    if (data.title) document.title = data.title
    document.documentElement.dataset.show = data.show || document.documentElement.dataset.show || ""
  } else if (news) news.remove()
  if (data.file && root.lpFile !== data.file.stamp) {
    root.lpFile = data.file.stamp
    const bytes = Uint8Array.from(atob(data.file.content), (one) => one.charCodeAt(0))
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([bytes], { type: data.file.type }))
    link.download = data.file.name
    link.click()
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  }
  root.querySelectorAll(".lp-refused").forEach((one) => one.remove())
  if (data.refused) {
    const why = document.createElement("div")
    why.className = "lp-framed lp-refused"
    why.setAttribute("role", "alert")
    why.textContent = data.refused
    root.append(why)
  }
  const tell = (name, value) => {
    window.clearTimeout(asked)
    asked = window.setTimeout(() => {
      const busy = document.createElement("div")
      busy.className = "lp-busy"
      busy.setAttribute("role", "status")
      busy.textContent = data.busy || "…"
      root.append(busy)
    }, 400)
    setTriggerValue(name, value)
  }
  root.onclick = (event) => {
    root.querySelectorAll(".lp-refused").forEach((one) => one.remove())
    const copy = event.target.closest("[data-copy]")
    if (copy) {
      event.preventDefault()
      copied(root.querySelector("#" + copy.dataset.copy))
      copy.textContent = copy.dataset.copied
      return
    }
    const link = event.target.closest("a[href], [data-take], [data-do]:not(form)")
    if (!link) {
      root.querySelectorAll("details[open]").forEach((one) => one.contains(event.target) || one.removeAttribute("open"))
      return
    }
    if (link.dataset.print !== undefined) {
      event.preventDefault()
      window.print()
    } else if (link.dataset.take !== undefined) {
      event.preventDefault()
      tell("take", link.dataset.take)
      link.closest("details")?.removeAttribute("open")
    } else if (link.dataset.do !== undefined) {
      event.preventDefault()
      tell("act", JSON.stringify({ act: link.dataset.do, at: Date.now() }))
    } else {
      const href = link.getAttribute("href") || (link.href && link.href.baseVal) || ""
      if (!href.startsWith("/") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
      event.preventDefault()
      tell("go", href)
      if (new URL(href, location.href).pathname.slice(1) !== (new URLSearchParams(location.search).get("page") || "")) window.scrollTo(0, 0)
    }
  }
  root.onchange = (event) => {
    const href = event.target.closest("select")?.selectedOptions[0]?.dataset.href
    if (href) tell("go", href)
    const live = event.target.closest("form[data-live]")
    if (live) {
      const moved = [...live.querySelectorAll("input[data-own]")].filter((one) => Number(one.value) !== Number(one.dataset.own))
      const words = moved.map((one) => one.name + ":" + one.value).join(",")
      tell("go", live.dataset.live + (words ? (live.dataset.live.includes("?") ? "&" : "?") + "trial=" + encodeURIComponent(words) : ""))
    }
  }
  root.oninput = (event) => {
    const shown = event.target.closest("form[data-live] label")?.querySelector("output")
    if (shown) shown.textContent = event.target.value
  }
  root.onsubmit = (event) => {
    event.preventDefault()
    const form = event.target
    tell("act", JSON.stringify({ act: form.dataset.do, at: Date.now(), ...Object.fromEntries(new FormData(form)) }))
    form.closest("details")?.removeAttribute("open")
  }
  if (data.ahead?.length && !window.lpAhead && !navigator.connection?.saveData) {
    window.lpAhead = true
    const fetched = () => data.ahead.forEach((one) => import(new URL(one, document.baseURI).href))
    window.setTimeout(() => (window.requestIdleCallback || window.setTimeout)(fetched), 1500)
  }
  if (data.screens && !window.lpKeys) {
    window.lpKeys = true
    window.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, PageDown: 1, ArrowUp: -1, PageUp: -1 }[event.key]
      if (document.documentElement.dataset.show !== "projector" || !step) return
      event.preventDefault()
      window.scrollBy({ top: step * window.innerHeight })
    })
  }
}
