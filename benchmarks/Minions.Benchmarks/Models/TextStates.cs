using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.States;
using Minions.Core.Verification;

namespace Minions.Benchmarks.Models;

/// <summary>The target's states over a text that is known, handed out as far as a head would have them at a place of it.</summary>
internal sealed class TextStates
{
    private readonly TargetStates _all;

    private TextStates(TargetStates all, int window)
    {
        _all = all;
        Known = new TargetStates(all.Layout, window);
    }

    /// <summary>Those before the place, see <see cref="MoveTo"/>.</summary>
    public TargetStates Known { get; }

    /// <summary>Runs the target over a text.</summary>
    /// <param name="target">The target.</param>
    /// <param name="ids">The text.</param>
    /// <param name="window">The most positions that a head knows at a time; 0 for all.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>The states, or <see langword="null"/> where the target gives none.</returns>
    /// <exception cref="ModelRunException">The target failed.</exception>
    public static TextStates? Of(ITargetVerifier target, ReadOnlyMemory<int> ids, int window, CancellationToken cancellationToken)
    {
        if (target.States is not { } layout)
            return null;

        var all = new TargetStates(layout, ids.Length);
        var options = new SequenceOptions { BitIdentical = true, ExpectedLength = ids.Length, States = layout };
        using ITargetSequence sequence = target.OpenSequence(options);
        var request = new VerificationRequest(sequence, options) { States = all };
        request.Prepare(ids, rowsWanted: 0);
        target.Verify([request], cancellationToken);
        return request.Fault is { } fault
            ? throw new ModelRunException($"The target failed over a text of {ids.Length} ids: {fault.Message}", fault)
            : new TextStates(all, window == 0 ? ids.Length : window);
    }

    /// <summary>Makes <see cref="Known"/> what a head has that is to continue the text's first ids: the target has not run the last of them yet.</summary>
    /// <param name="length">How many ids, at least 1.</param>
    public void MoveTo(int length)
    {
        Known.Truncate(length - 1);
        for (int position = Math.Max(Known.End, length - 1 - Known.Capacity); position < length - 1; position++)
            _all.Row(position).CopyTo(Known.Write(position));
    }
}
