
namespace Minions.Core.Pipeline.PreDrafting;

/// <summary>The draft stage, and pre-drafting whenever no request waits for its round: between any two such steps a round comes first.</summary>
internal sealed class PreDraftStage(DraftStage draft) : IStage
{
    public string Name => draft.Name;

    public bool TryRun() => draft.TryRun() || draft.TryPreDraft();
}
