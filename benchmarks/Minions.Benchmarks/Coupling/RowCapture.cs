using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Sampling;
using Minions.Core.Verification;

namespace Minions.Benchmarks.Coupling;

/// <summary>Collects the logits a model has at every position of a text that is known: it hands them out and chooses what the text says.</summary>
internal sealed class RowCapture : ILogitsProcessor
{
    private readonly int[] _text;
    private readonly int _promptLength;
    private readonly List<float[]> _rows = [];

    private RowCapture(int[] text, int promptLength)
    {
        _text = text;
        _promptLength = promptLength;
    }

    /// <summary>One row for each id behind the prompt.</summary>
    public static IReadOnlyList<float[]> Of(ITargetVerifier model, int[] text, int promptLength, CancellationToken cancellationToken)
    {
        var capture = new RowCapture(text, promptLength);
        var options = new SequenceOptions
        {
            Selector = TokenSelector.Create(new SamplingOptions { LogitsProcessors = [capture] }, promptLength),
            ExpectedLength = text.Length,
        };
        using ITargetSequence sequence = model.OpenSequence(options);
        var request = new VerificationRequest(sequence, options);
        request.Prepare(text.AsMemory(0, text.Length - 1), text.Length - promptLength);
        model.Verify([request], cancellationToken);
        return request.Fault is null ? capture._rows : throw request.Fault;
    }

    public void Process(in LogitsContext context, Span<float> logits)
    {
        if (context.Position >= _promptLength + _rows.Count)
            _rows.Add(logits.ToArray());
        logits[_text[context.Position]] = float.PositiveInfinity;
    }
}
