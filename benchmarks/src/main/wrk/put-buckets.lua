-- Writes new documents of 200 bytes into many buckets.
dofile(os.getenv("MILLRACE_WRK") .. "/common.lua")

wrk.headers["Content-Type"] = "application/json"

local body = document(1)
local count = 0

function request()
  count = count + 1
  return send("PUT", string.format("/many%d/r%s-%d-%09d", math.random(0, buckets - 1), run,
    thread_number, count), body)
end
