-- What a browser sends, from browser.fields beside this file: twelve fields, about 900 bytes.
-- wrk builds the request once and repeats it.
local folder = debug.getinfo(1, "S").source:match("^@(.*/)")
for line in io.lines(folder .. "browser.fields") do
  local name, value = line:match("^([^:]+): (.*)$")
  wrk.headers[name] = value
end
