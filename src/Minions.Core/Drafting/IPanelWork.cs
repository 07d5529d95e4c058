using Minions.Core.Pipeline;

namespace Minions.Core.Drafting;

/// <summary>What a panel runs the drafts for: a round, or work ahead of one.</summary>
internal interface IPanelWork
{
    /// <summary>The drafts that are to run for a request, one bit each.</summary>
    ulong Wanted(RequestState state);

    /// <summary>What to hand to one of them, or <see langword="null"/> when it sits this out.</summary>
    DraftRequest? Prepare(RequestState state, int draft);

    /// <summary>Leaves a draft out that is not to run, or cannot.</summary>
    void LeaveOut(DraftMember member);

    /// <summary>Books the time that a draft's run took, whatever came of it.</summary>
    void Charge(DraftMember member, double seconds);

    /// <summary>Takes over what a draft proposed.</summary>
    void Accept(DraftMember member);
}
