-- Writes a hundred new documents of 200 bytes as one commit; the server makes the ids.
dofile(os.getenv("MILLRACE_WRK") .. "/common.lua")

wrk.headers["Content-Type"] = "application/json"

local bodies = {}
for i = 1, 100 do
  bodies[i] = document(i)
end
local body = "[" .. table.concat(bodies, ",") .. "]"

function request()
  return send("POST", "/batches", body)
end
