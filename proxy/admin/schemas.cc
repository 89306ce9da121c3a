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
          "held_seconds": {"type": "number", "description": "in this step"},
          "step_requests": {"type": "integer", "description": "of canary, in this step"},
          "driver_timeout_seconds": {"type": "number", "description": "0: never"},
          "max_wait_seconds": {"type": "number", "description": "for evidence; 0: for ever"},
          "revision": {"type": "string"},
          "reason": {"type": "string", "description": "of the last transition"},
          "can_undo": {"type": "boolean"},
          "guards": {"type": "array", "items": {"$ref": "#/components/schemas/Guard"}},
          "versions": {
            "type": "object",
            "properties": {
              "blue": {"$ref": "#/components/schemas/VersionStatus"},
              "green": {"$ref": "#/components/schemas/VersionStatus"}
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
          "guards": {"type": "array", "items": {"$ref": "#/components/schemas/Guard"}}
        }
      }
    ]
  },
  "Document": {"type": "object", "description": "an OpenAPI document"}
})json";

}  // namespace

boost::json::object schemas() { return boost::json::parse(text).as_object(); }

}  // namespace weir::admin
