#pragma once
#include <array>

#include "settings/keys.h"

namespace weir::settings {

/// The part of the table that is about servers Weir calls by itself.
inline constexpr std::array hook_keys{
    Key{"services[].rollout.hooks", "list of section", "", "[]", "sections",
        "servers asked over HTTP (POST) before a rollout goes on; one that holds it is overruled "
        "by "
        "promote or resume"},
    Key{"services[].rollout.hooks[].name", "name", "", "required", "[a-z0-9-]{1,63}",
        "of the hook, for reasons and metrics; unique in its service"},
    Key{"services[].rollout.hooks[].at", "choice", "", "required",
        "before_start, before_step, before_promotion, after_rollback",
        "when it is called; every step, the first too, comes after before_step"},
    Key{"services[].rollout.hooks[].url", "URL", "", "required",
        "http:// or https:// with a host, without user and fragment", "what is called"},
    Key{"services[].rollout.hooks[].secret_file", "file", "", "", "a file name or nothing",
        "its requests are signed with what the file holds; read again for each"},
    Key{"services[].rollout.hooks[].ca_file", "file", "", "", "a file name or nothing",
        "authorities of its certificate in PEM; nothing is the system's"},
    Key{"services[].rollout.hooks[].deadline", "duration", "ms, s, m, h", "required",
        "100ms to 10m", "for each try, from the look-up of its name to its whole answer"},
    Key{"services[].rollout.hooks[].retries", "number", "tries", "2", "0 to 10",
        "after one without an answer that can be used; then the rollout holds"},
    Key{"services[].rollout.hooks[].on_failure", "choice", "", "hold", "hold, rollback",
        "when the hook says no"},
    Key{"notifications.queue", "number", "notices", "256", "1 to 1000",
        "not delivered yet, over all webhooks; beyond it the oldest is dropped"},
    Key{"notifications.webhooks", "list of section", "", "[]", "sections",
        "who is told of each transition, once"},
    Key{"notifications.webhooks[].name", "name", "", "required", "[a-z0-9-]{1,63}",
        "for logs and metrics; unique"},
    Key{"notifications.webhooks[].url", "URL", "", "required",
        "http:// or https:// with a host, without user and fragment", "where notices are sent"},
    Key{"notifications.webhooks[].format", "choice", "", "json", "json, slack",
        "all about the transition, or a text as Slack and others take it"},
    Key{"notifications.webhooks[].kinds", "list of kind", "", "[]",
        "start, step, gate, pause, resume, promote, finish, abort, rollback, hold, warn, retry, "
        "undo, set-weight, scale-down",
        "only transitions of these kinds; none is all"},
    Key{"notifications.webhooks[].secret_file", "file", "", "", "a file name or nothing",
        "notices are signed with what the file holds; read again for each"},
    Key{"notifications.webhooks[].ca_file", "file", "", "", "a file name or nothing",
        "authorities of its certificate in PEM; nothing is the system's"},
    Key{"notifications.webhooks[].deadline", "duration", "ms, s, m, h", "5s", "100ms to 1m",
        "for each try, from the look-up of its name to its whole answer"},
    Key{"notifications.webhooks[].give_up_after", "duration", "ms, s, m, h", "1h", "0s to 168h",
        "a notice is tried again for so long"},
};

}  // namespace weir::settings
