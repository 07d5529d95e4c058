using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Heads;

/// <summary>Has a head begin a chain at every place of a text.</summary>
/// <param name="target">The target, which gives the states.</param>
/// <param name="head">The head.</param>
/// <param name="window">The most positions whose states it knows when a chain begins, its cache being empty; 0 for all, its cache being kept.</param>
internal sealed class ChainMeter(ITargetVerifier target, IDraftModel head, int window)
{
    /// <summary>Measures.</summary>
    /// <param name="domain">The kind of prompt.</param>
    /// <param name="ids">Prompt and answer.</param>
    /// <param name="promptLength">How many of them are the prompt.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <exception cref="ModelRunException">Target or head failed.</exception>
    public ChainAgreement Measure(string domain, int[] ids, int promptLength, CancellationToken cancellationToken)
    {
        TextStates states = TextStates.Of(target, ids, window, cancellationToken)!;
        var rightIds = new RightIds(ids);
        var options = new SequenceOptions
        {
            Selector = TokenSelector.Create(new SamplingOptions { LogitsProcessors = [rightIds] }, promptLength),
            ExpectedLength = ids.Length,
            States = target.States,
        };
        var right = new List<bool[]>();
        IDraftSequence sequence = head.OpenSequence(options);
        try
        {
            for (int length = promptLength + 1; length < ids.Length; length++)
            {
                if (window > 0)
                {
                    sequence.Dispose();
                    sequence = head.OpenSequence(options);
                }

                states.MoveTo(length);
                var request = new DraftRequest(sequence) { States = states.Known };
                request.Prepare(ids.AsMemory(0, length), Math.Min(ChainAgreement.Steps, ids.Length - length));
                rightIds.Clear();
                head.Propose([request], cancellationToken);
                if (request.Fault is { } fault)
                    throw new ModelRunException($"The head '{head.Name}' failed behind {length} ids: {fault.Message}", fault);
                right.Add([.. rightIds.Right]);
            }
        }
        finally
        {
            sequence.Dispose();
        }

        return new ChainAgreement(domain, [.. right]);
    }
}
