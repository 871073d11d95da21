-- Reads a page of a hundred entries of the activity, anywhere.
dofile(os.getenv("MILLRACE_WRK") .. "/common.lua")

function request()
  return send("GET", string.format("/bench/_activity?limit=100&gt=%d",
    math.random(0, documents - 100)))
end
