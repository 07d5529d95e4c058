using Minions.Core.Sampling;

namespace Minions.Core.GenAI.Tests;

/// <summary>Keeps the rows of logits that a request is shown.</summary>
internal sealed class RowCapture : ILogitsProcessor
{
    private readonly List<float[]> _rows = [];

    public RowCapture() => Selector = TokenSelector.Create(new SamplingOptions { LogitsProcessors = [this] }, promptLength: 0);

    public TokenSelector Selector { get; }

    public float[] First => _rows[0];

    public float[] Last => _rows[^1];

    public void Process(in LogitsContext context, Span<float> logits) => _rows.Add(logits.ToArray());
}
