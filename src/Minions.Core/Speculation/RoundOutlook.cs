using Minions.Core.Drafting;

namespace Minions.Core.Speculation;

/// <summary>What a controller knows before a round.</summary>
public readonly struct RoundOutlook
{
    /// <summary>Makes an outlook with the defaults.</summary>
    public RoundOutlook()
    {
    }

    /// <summary>The number of ids committed so far, prompt included.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The number of ids the request may still commit, at least 1.</summary>
    public required int Remaining { get; init; }

    /// <summary>The drafts that can run.</summary>
    public DraftSet Drafts { get; init; }

    /// <summary>The rows that other requests are expected to put into the same target run; 0 when alone.</summary>
    public int OtherRows { get; init; }

    /// <summary>The number of other requests in the same target run; 0 when alone.</summary>
    public int OtherRequests { get; init; }

    /// <summary>
    /// The fewest rows that a run takes for this request, at least 1: 2 in bit-identical mode, where plain decoding fills up with a second row and a
    /// chain of one id so costs no row more.
    /// </summary>
    public int MinRows { get; init; } = 1;

    /// <summary>
    /// The ids that the round is expected to add if its length is 0: 1, the default, and in bit-identical mode 1 plus the chance that a guess is
    /// right, up to 2. Such a round's run has a second row anyway, which checks the id that followed the last earlier place of the text ending as
    /// the text ends now. A round that drafts has no such guess.
    /// </summary>
    public double ExpectedPlainTokens { get; init; } = 1;
}
