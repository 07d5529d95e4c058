using Minions.Core.Pipeline;

namespace Minions.Core.Drafting.Ahead;

/// <summary>One step of work ahead: each draft adds an id to what it has behind the chain. A step is short, so that nobody waits long for the drafts.</summary>
internal sealed class AheadStep : IPanelWork
{
    public ulong Wanted(RequestState state) => state.Ahead!.Unfinished;

    public DraftRequest? Prepare(RequestState state, int draft) => state.Members[draft].Ahead?.Next();

    public void LeaveOut(DraftMember member) => member.Ahead?.Stop();

    public void Charge(DraftMember member, double seconds) => member.Ahead?.Charge(seconds);

    public void Accept(DraftMember member) => member.Ahead?.Accept();
}
