namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>A small graph cut out of a decoder's file, to be opened beside it over the same weights.</summary>
/// <param name="Graph">The graph; its external data is named as in the decoder's.</param>
/// <param name="Input">Its only input.</param>
/// <param name="Output">Its only output.</param>
/// <param name="ElementType">The number of the element type of the rows that go in or come out: float32, float16 or bfloat16.</param>
/// <param name="Width">The elements of such a row.</param>
internal sealed record TargetPart(RewrittenGraph Graph, string Input, string Output, int ElementType, int Width);
