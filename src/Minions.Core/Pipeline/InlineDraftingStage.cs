namespace Minions.Core.Pipeline;

/// <summary>
/// The verify stage, and the draft stage behind it whenever a request is alone or the pipeline's requests take turns: with nothing to overlap,
/// waking another thread twice a round only costs time.
/// </summary>
internal sealed class InlineDraftingStage(IStage verify, IStage draft, Action wakeDraftLane) : IStage
{
    private bool _draftsHere;

    public string Name => verify.Name;

    /// <summary>Called from within the verify stage when a request goes on to drafting.</summary>
    public void PassOn(bool draftsInTurn)
    {
        if (draftsInTurn)
            _draftsHere = true;
        else
            wakeDraftLane();
    }

    public bool TryRun()
    {
        bool worked = verify.TryRun();
        if (_draftsHere)
        {
            _draftsHere = false;

            // The draft lane may still be leaving the stage; then it takes the request itself.
            if (!draft.TryRun())
                wakeDraftLane();
            while (draft.TryRun())
            {
            }
        }

        return worked;
    }
}
