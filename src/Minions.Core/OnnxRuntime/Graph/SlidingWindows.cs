namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// Windows of attention: a row sees the newest entries only. Exports may ask the operator to keep no more than these in the cache
/// (<c>sliding_window_cache</c>). A cache that has dropped entries cannot go back behind a rejected guess, so that attribute is taken out: the
/// operator then hides what lies outside of the window, with the same result, and the cache holds the whole text.
/// </summary>
internal static class SlidingWindows
{
    private const string Window = "local_window_size";
    private const string SlidingCache = "sliding_window_cache";
    private const long None = -1;

    /// <summary>Has every attention keep its whole text.</summary>
    /// <param name="graph">The graph, changed in place.</param>
    /// <returns>Whether anything was changed.</returns>
    public static bool KeepWholeTexts(OnnxGraph graph)
    {
        bool changed = false;
        foreach (OnnxNode node in graph.Node.Where(GroupQueryAttention.Is))
        {
            for (int i = node.Attribute.Count - 1; i >= 0; i--)
            {
                if (node.Attribute[i].Name != SlidingCache)
                    continue;

                node.Attribute.RemoveAt(i);
                changed = true;
            }
        }

        return changed;
    }

    /// <summary>What is wrong with a window of the graph, or null.</summary>
    public static string? FindFault(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Node.Where(GroupQueryAttention.Is))
        {
            long window = Of(node);
            if (window is < None or 0 or > int.MaxValue)
            {
                return $"{GraphWalk.Describe(node)} has a '{Window}' of {window}, where 1 to {int.MaxValue} is expected, or -1 for no window: "
                    + "correct the model's sliding window and export it again";
            }

            if (window == None && IntegerOf(node, SlidingCache) is > 0)
            {
                return $"{GraphWalk.Describe(node)} has a '{SlidingCache}' but no '{Window}' that tells its size: "
                    + "correct the model's sliding window and export it again";
            }
        }

        return null;
    }

    /// <summary>The sizes of the graph's windows, each once.</summary>
    public static IEnumerable<long> SizesIn(OnnxGraph graph) =>
        graph.Node.Where(GroupQueryAttention.Is).Select(Of).Where(window => window > 0).Distinct();

    private static long Of(OnnxNode node) => IntegerOf(node, Window) ?? None;

    private static long? IntegerOf(OnnxNode node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I;
}
