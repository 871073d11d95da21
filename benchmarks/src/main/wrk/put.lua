-- Writes new documents of 200 bytes into one bucket.
dofile(os.getenv("MILLRACE_WRK") .. "/common.lua")

wrk.headers["Content-Type"] = "application/json"

local body = document(1)
local count = 0

function request()
  count = count + 1
  return send("PUT", string.format("/puts/r%s-%d-%09d", run, thread_number, count), body)
end
