#include <boost/json/parse.hpp>

#include "admin/openapi.h"

namespace weir::admin {
namespace {

constexpr std::string_view text = R"json({
  "Problem": {
    "type": "object",
    "description": "Why a request was not carried out (RFC 9457)",
    "required": ["type", "title", "status", "detail"],
    "properties": {
      "type": {"type": "string"},
      "title": {"type": "string"},
      "status": {"type": "integer"},
      "detail": {"type": "string"},
      "pointer": {"type": "string", "description": "400: place in the body (RFC 6901)"},
      "phase": {"$ref": "#/components/schemas/Phase"},
      "epoch": {"type": "integer", "description": "409, 412: the current one"}
    }
  },
  "Phase": {"type": "string", "enum": ["Healthy", "Progressing", "Paused", "Degraded"]},
  "Colour": {"type": "string", "enum": ["blue", "green"]},
  "Position": {
    "type": "object",
    "description": "Where a rollout stands",
    "required": ["epoch", "phase", "pause_reason", "stable", "canary", "weight_percent", "step"],
    "properties": {
      "epoch": {"type": "integer", "description": "number of the rollout; 0: none yet"},
      "phase": {"$ref": "#/components/schemas/Phase"},
      "pause_reason": {"type": "string", "enum": ["", "gate", "operator", "guard", "weight", "evidence"]},
      "stable": {"$ref": "#/components/schemas/Colour"},
      "canary": {"$ref": "#/components/schemas/Colour"},
      "weight_percent": {"type": "number", "minimum": 0, "maximum": 100},
      "step": {"type": "integer", "description": "from 0; the number of steps: past the last"}
    }
  },
  "Step": {
    "type": "object",
    "properties": {
      "weight_percent": {"type": "number"},
      "hold_seconds": {"type": "number"},
      "min_requests": {"type": "integer"},
      "manual_gate": {"type": "boolean"}
    }
  },
  "Evidence": {
    "type": "object",
    "properties": {
      "requests": {"type": "integer"},
      "errors": {"type": "integer"},
      "slow": {"type": "integer"}
    }
  },
  "Guard": {
    "type": "object",
    "properties": {
      "guard": {"type": "string"},
      "verdict": {"type": "string", "enum": ["insufficient", "fine", "worse"]},
      "action": {"type": "string", "enum": ["rollback", "hold", "warn"]},
      "measure": {
        "type": "string",
        "enum": ["share", "evidence"],
        "description": "what value and threshold are: a share of canary's exchanges or endpoints, or an e-value and one by alpha"
      },
      "value": {"type": "number"},
      "threshold": {"type": "number"},
      "ratio": {
        "type": ["number", "null"],
        "description": "canary's share by stable's; null: not known"
      },
      "stable": {"$ref": "#/components/schemas/Evidence"},
      "canary": {"$ref": "#/components/schemas/Evidence"},
      "reason": {"type": "string"}
    }
  },
  "SampleRequest": {
    "type": "object",
    "description": "an exchange that speaks against its version",
    "properties": {
      "unix_ms": {"type": "integer", "description": "when it ended"},
      "method": {"type": "string"},
      "path": {"type": "string", "description": "without the query, up to 128 octets"},
      "status": {"type": "integer", "description": "0: none"},
      "latency_seconds": {"type": "number"},
      "ending": {
        "type": "string",
        "enum": ["answered", "connect_failed", "reset", "timed_out", "overflow", "client_aborted"]
      },
      "error": {"type": "boolean"},
      "slow": {"type": "boolean"},
      "request_id": {"type": "string", "description": "X-Request-Id as sent to the pool"},
      "trace_id": {"type": "string", "description": "of the traceparent sent to the pool"}
    }
  },
  "SeenOfOne": {
    "allOf": [
      {"$ref": "#/components/schemas/Evidence"},
      {
        "type": "object",
        "properties": {
          "samples": {
            "type": "array",
            "maxItems": 10,
            "description": "of errors and slow ones, the last, oldest first",
            "items": {"$ref": "#/components/schemas/SampleRequest"}
          }
        }
      }
    ]
  },
  "Seen": {
    "type": "object",
    "description": "what counts as evidence since the rollout began",
    "properties": {
      "stable": {"$ref": "#/components/schemas/SeenOfOne"},
      "canary": {"$ref": "#/components/schemas/SeenOfOne"}
    }
  },
  "TransitionNote": {
    "type": "object",
    "nullable": true,
    "properties": {
      "unix_ms": {"type": "integer"},
      "who": {"type": "string"},
      "kind": {"type": "string"},
      "reason": {"type": "string"},
      "guard": {"type": "string", "description": "that acted; empty: none did"}
    }
  },
  "PastRollout": {
    "type": "object",
    "properties": {
      "epoch": {"type": "integer"},
      "revision": {"type": "string"},
      "canary": {"$ref": "#/components/schemas/Colour"},
      "started_unix_ms": {"type": "integer", "description": "0: not known"},
      "greatest_weight_percent": {"type": "number", "description": "that the canary had"},
      "ended": {
        "type": "string",
        "enum": ["finished", "rolled_back", "aborted", "undone", "unknown"]
      },
      "last_transition": {"$ref": "#/components/schemas/TransitionNote"},
      "guards": {"type": "array", "items": {"$ref": "#/components/schemas/Guard"}},
      "seen": {"$ref": "#/components/schemas/Seen"}
    }
  },
  "History": {
    "type": "object",
    "properties": {
      "service": {"type": "string"},
      "rollouts": {"type": "array", "items": {"$ref": "#/components/schemas/PastRollout"}},
      "persisted": {"type": "boolean", "description": "false while the disk does not have it all"},
      "persist_error": {"type": "string"}
    }
  },
  "Endpoint": {
    "type": "object",
    "properties": {
      "address": {"type": "string"},
      "health": {"type": "string", "enum": ["unknown", "healthy", "unhealthy", "ejected"]}
    }
  },
  "VersionStatus": {
    "type": "object",
    "description": "Counts since the process started, of all workers",
    "properties": {
      "role": {"type": "string", "enum": ["stable", "canary"]},
      "requests": {"type": "integer"},
      "errors": {"type": "integer", "description": "that count against the version"},
      "by_class": {"type": "object", "additionalProperties": {"type": "integer"}},
      "rollout_requests": {"type": "integer", "description": "since the rollout began"},
      "rollout_errors": {"type": "integer", "description": "since the rollout began"},
      "active": {"type": "integer"},
      "client_aborts": {"type": "integer"},
      "retries": {"type": "integer"},
      "shielded": {"type": "integer"},
      "budget_exhausted": {"type": "integer"},
      "connects": {"type": "integer"},
      "connect_failures": {"type": "integer"},
      "overflows": {"type": "integer"},
      "healthy": {"type": "integer", "description": "endpoints that are usable"},
      "capacity_per_second": {
        "type": ["integer", "null"],
        "description": "requests that the healthy endpoints can take; null: not stated"
      },
      "panic": {"type": "boolean"},
      "endpoints": {"type": "array", "items": {"$ref": "#/components/schemas/Endpoint"}}
    }
  },
  "Rollout": {
    "allOf": [
      {"$ref": "#/components/schemas/Position"},
      {
        "type": "object",
        "properties": {
          "service": {"type": "string"},
          "steps": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
          "hold_back_percent": {
            "type": "number",
            "description": "taken off a last step of 100 %: stays on stable until its end"
          },
          "slower_than_seconds": {
            "type": ["number", "null"],
            "description": "an exchange above this is slow; null: no guard asks"
          },
          "held_seconds": {"type": "number", "description": "in this step"},
          "step_requests": {"type": "integer", "description": "of canary, in this step"},
          "driver_timeout_seconds": {"type": "number", "description": "0: never"},
          "driver_silent_seconds": {
            "type": ["number", "null"],
            "description": "since its last action or heartbeat; null: none is waited for"
          },
          "max_wait_seconds": {"type": "number", "description": "for evidence; 0: for ever"},
          "hold": {
            "type": ["object", "null"],
            "description": "what keeps a step that is over from being left; null: nothing",
            "properties": {
              "by": {"type": "string", "enum": ["freeze", "capacity"]},
              "reason": {"type": "string"}
            }
          },
          "freeze": {
            "type": ["object", "null"],
            "description": "the freeze window that is open; null: none",
            "properties": {
              "window": {"type": "string"},
              "until_unix_ms": {"type": ["integer", "null"], "description": "null: not in a year"},
              "text": {"type": "string"}
            }
          },
          "load_per_second": {"type": "number", "description": "requests of both versions"},
          "bake_seconds": {"type": "number", "description": "the idle pool is kept warm; 0: no notice"},
          "warm_until_unix_ms": {
            "type": ["integer", "null"],
            "description": "when scale-down is told of the idle pool; null: it was, or never is"
          },
          "revision": {"type": "string"},
          "reason": {"type": "string", "description": "of the last transition"},
          "can_undo": {"type": "boolean"},
          "last_transition": {"$ref": "#/components/schemas/TransitionNote"},
          "guards": {"type": "array", "items": {"$ref": "#/components/schemas/Guard"}},
          "seen": {"$ref": "#/components/schemas/Seen"},
          "versions": {
            "type": "object",
            "properties": {
              "blue": {"$ref": "#/components/schemas/VersionStatus"},
              "green": {"$ref": "#/components/schemas/VersionStatus"}
            }
          },
          "mirror": {
            "type": ["object", "null"],
            "description": "copies of requests that the canary was sent, since the process started; null: off",
            "properties": {
              "share_percent": {"type": "number"},
              "to": {"$ref": "#/components/schemas/Colour"},
              "same_status": {"type": "integer"},
              "other_status": {"type": "integer"},
              "failed": {"type": "integer", "description": "no whole answer in time"},
              "dropped": {"type": "integer", "description": "beyond a bound of the proxy's own"},
              "by_class": {
                "type": "object",
                "description": "of the original's status: of the copy's: how many",
                "additionalProperties": {
                  "type": "object",
                  "additionalProperties": {"type": "integer"}
                }
              },
              "mean_original_seconds": {"type": ["number", "null"]},
              "mean_copy_seconds": {"type": ["number", "null"]}
            }
          },
          "state_persisted": {"type": "boolean"},
          "persist_error": {"type": "string"},
          "hooks_asked": {
            "type": "array",
            "items": {"type": "string"},
            "description": "names of hooks that have not answered yet"
          },
          "notifications": {
            "type": "object",
            "properties": {
              "waiting": {"type": "integer", "description": "not delivered yet"},
              "trouble": {"type": "string", "description": "webhook and why; empty: none"}
            }
          },
          "changed": {
            "type": "boolean",
            "description": "in answers to actions: false where it already was so"
          }
        }
      }
    ]
  },
  "Services": {
    "type": "object",
    "properties": {
      "services": {"type": "array", "items": {"$ref": "#/components/schemas/Rollout"}}
    }
  },
  "Event": {
    "description": "data of an event named transition",
    "allOf": [
      {"$ref": "#/components/schemas/Position"},
      {
        "type": "object",
        "properties": {
          "id": {"type": "integer", "description": "also the event's id field"},
          "unix_ms": {"type": "integer"},
          "service": {"type": "string"},
          "who": {"type": "string"},
          "kind": {"type": "string"},
          "revision": {"type": "string"},
          "reason": {"type": "string"},
          "from": {"$ref": "#/components/schemas/Position"},
          "guard": {"type": "string", "description": "that acted; empty: none did"},
          "guards": {"type": "array", "items": {"$ref": "#/components/schemas/Guard"}},
          "seen": {"$ref": "#/components/schemas/Seen"}
        }
      }
    ]
  },
  "Document": {"type": "object", "description": "an OpenAPI document"}
})json";

}  // namespace

boost::json::object schemas() { return boost::json::parse(text).as_object(); }

}  // namespace weir::admin
