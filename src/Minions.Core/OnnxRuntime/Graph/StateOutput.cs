namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>A state of a decoder that its graph gives: a row for each id of a run, [batch, rows, width].</summary>
/// <param name="Name">What it was asked for by.</param>
/// <param name="Tensor">The output of the graph.</param>
/// <param name="ElementType">The number of its element type: float32, float16 or bfloat16.</param>
/// <param name="Width">The elements of a row.</param>
internal sealed record StateOutput(string Name, string Tensor, int ElementType, int Width);
