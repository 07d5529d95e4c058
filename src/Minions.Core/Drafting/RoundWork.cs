using Minions.Core.Pipeline;

namespace Minions.Core.Drafting;

/// <summary>The drafts' part in a round: each continues the committed ids as far as the plan says.</summary>
internal sealed class RoundWork : IPanelWork
{
    public ulong Wanted(RequestState state) => state.Running & ~(state.Ahead?.Served ?? 0);

    public DraftRequest? Prepare(RequestState state, int draft) =>
        state.Members[draft].Prepare(state.CommittedIds, state.Plan.Length, state.Plan.MinimumConfidence, judges: state.Panel is { WantsReading: true });

    public void LeaveOut(DraftMember member) => member.Rest();

    public void Charge(DraftMember member, double seconds) => member.Charge(seconds);

    public void Accept(DraftMember member) => member.Accept();
}
