-- Writes one and the same document over and over again.
dofile(os.getenv("MILLRACE_WRK") .. "/common.lua")

wrk.headers["Content-Type"] = "application/json"
wrk.headers["If-Match"] = "*"

-- Bodies differ from one update to the next, as they would; ready made, as in put.lua.
local bodies = {}
for i = 0, 15 do
  bodies[i] = document(i)
end
local count = 0

function request()
  count = count + 1
  return send("PUT", "/same/document", bodies[count % 16])
end
