using Microsoft.Extensions.Logging;

namespace Minions.Core.Drafting;

/// <summary>Has a draft that takes no time go on where the voted chain ends (<see cref="IDraftModel.ContinuesChains"/>). Used by one thread at a time.</summary>
/// <param name="models">The drafts.</param>
/// <param name="minimumConfidence">Where the draft stops: behind the id with which the product of its probabilities falls below this.</param>
/// <param name="logger">Receives warnings about failing drafts.</param>
/// <param name="shutdown">Passed to the drafts.</param>
internal sealed class ChainContinuation(IReadOnlyList<IDraftModel> models, float minimumConfidence, ILogger logger, CancellationToken shutdown)
{
    // Who takes time, or may hang, would hold up the round.
    private readonly DraftSet _able = DraftSet.Where(models, draft => draft is { ContinuesChains: true, IsFree: true, HeedsCancellation: true });

    /// <summary>Asks the drafts that can, one after another, the heaviest in the vote first, until one knows what follows.</summary>
    /// <param name="drafts">The request's drafts.</param>
    /// <param name="running">Those that ran in the round.</param>
    /// <param name="weights">Their weights in the vote.</param>
    /// <param name="text">The committed ids and the chain.</param>
    /// <param name="supposed">The ids of the chain.</param>
    /// <param name="length">The most ids to add, at least 1.</param>
    /// <param name="extension">What the draft adds; valid until it is asked again.</param>
    /// <returns>The draft, or -1 where none adds anything.</returns>
    public int Run(RequestDraft[] drafts, DraftSet running, ReadOnlySpan<double> weights, ReadOnlyMemory<int> text, int supposed, int length, out Proposal? extension)
    {
        DraftSet left = new(running.Bits & _able.Bits);
        while (Heaviest(left, weights) is >= 0 and var draft)
        {
            extension = Ask(drafts[draft], text, supposed, length);
            if (extension is { Count: > 0 })
                return draft;

            left = left.Except(new DraftSet(1UL << draft));
        }

        extension = null;
        return -1;
    }

    private static int Heaviest(DraftSet drafts, ReadOnlySpan<double> weights)
    {
        int heaviest = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (drafts.Contains(i) && (heaviest < 0 || weights[i] > weights[heaviest]))
                heaviest = i;
        }

        return heaviest;
    }

    private Proposal? Ask(RequestDraft draft, ReadOnlyMemory<int> text, int supposed, int length)
    {
        try
        {
            return draft.Continue(text, supposed, length, minimumConfidence, shutdown);
        }
        catch (Exception fault)
        {
            // A draft that stopped because it was told to is not at fault.
            if (fault is not OperationCanceledException || !(shutdown.IsCancellationRequested || draft.IsCancelled))
                draft.RecordFault(fault, logger);
            return null;
        }
    }
}
