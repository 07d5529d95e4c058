namespace Minions.Core.Pipeline.PreDrafting;

/// <summary>Times a request's rounds, from one commit to the next, and tells the trials of those that can be compared.</summary>
internal sealed class RoundTimer(PreDraftExperiment trials)
{
    // The first round takes the prompt in. Of the others each has work of the round before in it as well as its own.
    private const int Settled = 2;

    private long _begun;
    private int _alike;
    private bool _drafts;

    /// <summary>Called when a round's chain is ready to be verified.</summary>
    /// <param name="isAlone">Whether no other request is in work.</param>
    /// <returns>Whether drafts are to pre-drafting meanwhile.</returns>
    public bool Begin(bool isAlone)
    {
        bool drafts = isAlone && trials.IsOn;
        _alike = isAlone && drafts == _drafts ? _alike + 1 : 0;
        _drafts = drafts;
        return drafts;
    }

    /// <summary>Called when a round has been committed, or the prompt with the first id.</summary>
    /// <param name="length">The planned length; 0 for a round without drafts.</param>
    /// <param name="isAlone">Whether the target run was this request's alone.</param>
    /// <param name="time">The clock.</param>
    public void End(int length, bool isAlone, TimeProvider time)
    {
        long now = time.GetTimestamp();
        if (length == 0 || !isAlone)
            _alike = 0;
        else if (_alike >= Settled)
            trials.Observe(_drafts, length, time.GetElapsedTime(_begun, now).TotalSeconds);
        _begun = now;
    }
}
