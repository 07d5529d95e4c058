namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>A small graph cut out of a decoder's file, to be opened beside it over the same weights.</summary>
/// <param name="Graph">The graph; its external data is named as in the decoder's.</param>
/// <param name="Input">Its only input.</param>
/// <param name="Output">Its only output.</param>
/// <param name="Width">The elements of such a row.</param>
internal sealed record TargetPart(RewrittenGraph Graph, string Input, string Output, int Width);
