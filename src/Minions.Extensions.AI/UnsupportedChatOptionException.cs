using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI;

/// <summary>A <see cref="MinionsChatClient"/> cannot honour an option of a request; the message says what to do.</summary>
public sealed class UnsupportedChatOptionException : NotSupportedException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="member">The member of <see cref="ChatOptions"/>, with those inside of it behind a point.</param>
    /// <param name="reason">Why it is refused and what to do, without a full stop.</param>
    public UnsupportedChatOptionException(string member, string reason)
        : base($"{nameof(ChatOptions)}.{member}: {reason}.") => Member = member;

    /// <summary>The member of <see cref="ChatOptions"/>, such as "ResponseFormat" or "Reasoning.Output".</summary>
    public string Member { get; }
}
