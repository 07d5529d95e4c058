using System.Numerics.Tensors;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Heads;

/// <summary>Has a head go on with the ids of a known text, whatever it chose, and notes whether it chose them.</summary>
/// <param name="text">The text.</param>
internal sealed class RightIds(int[] text) : ILogitsProcessor
{
    /// <summary>For each choice since the last <see cref="Clear"/>, in order, whether it was the text's id.</summary>
    public List<bool> Right { get; } = [];

    public void Clear() => Right.Clear();

    public void Process(in LogitsContext context, Span<float> logits)
    {
        if (context.Position >= text.Length)
            return;

        int id = text[context.Position];
        int own = TensorPrimitives.IndexOfMax<float>(logits);
        Right.Add(own == id);

        // An id that it has no column for cannot be forced on it.
        if (id < logits.Length)
            logits[id] = logits[own] + 1;
    }
}
