
namespace Minions.Core.Pipeline.Ahead;

/// <summary>The draft stage, and work ahead whenever no request waits for its round: between any two steps ahead a round comes first.</summary>
internal sealed class AheadStage(DraftStage draft) : IStage
{
    public string Name => draft.Name;

    public bool TryRun() => draft.TryRun() || draft.TryWorkAhead();
}
