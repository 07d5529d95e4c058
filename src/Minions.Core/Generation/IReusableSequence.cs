namespace Minions.Core.Generation;

/// <summary>
/// A sequence, of a draft or of the target, that can go on to serve another request: it keeps what it ran, so a request that continues the
/// text of a finished one (the next turn of a chat) need not run it again.
/// </summary>
/// <remarks>
/// A sequence that does not implement this is disposed with its request. Requests name all ids they build on, so a sequence that finds the
/// longest common prefix with what it holds needs nothing else to be reused. Used by one thread at a time.
/// </remarks>
public interface IReusableSequence
{
    /// <summary>Takes on another request. What was run before may be used as far as the new options allow.</summary>
    /// <param name="options">
    /// How the new request chooses its tokens, in place of all earlier options. Its <see cref="SequenceOptions.CacheKey"/> is that of the requests
    /// before, so what was run is still right for the same ids.
    /// </param>
    void Reopen(SequenceOptions options);

    /// <summary>How many ids of another text need not be run again.</summary>
    /// <param name="shared">The ids in front that the text has in common with the one before.</param>
    /// <param name="textLength">The ids of the text, at least <paramref name="shared"/>.</param>
    /// <returns>
    /// 0 to <paramref name="shared"/>, which is the default. Less where what was run does not serve a text of that length, as where rotary factors
    /// change with it.
    /// </returns>
    int Reusable(int shared, int textLength) => shared;
}
