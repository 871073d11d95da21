-- Reads existing documents, any of them.
dofile(os.getenv("MILLRACE_WRK") .. "/common.lua")

function request()
  return send("GET", string.format("/bench/d%08d", math.random(0, documents - 1)))
end
