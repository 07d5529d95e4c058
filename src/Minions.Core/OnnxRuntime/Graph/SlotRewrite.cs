using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// Gives each slot an attention node of its own. All other nodes work row by row, so rows of several requests pass through them together.
/// </summary>
internal static class SlotRewrite
{
    /// <summary>The rewritten copy, or null with the reason. Of its outputs those stay that are asked for, beside logits and caches.</summary>
    public static (OnnxModel Model, ReducedVocabulary? Vocabulary)? TryApply(
        OnnxModel original, ModelFolder folder, IEnumerable<StateOutput> states, IReadOnlySet<string> causalMasks, int slots, out string? reason)
    {
        reason = FindObstacle(original, folder, causalMasks, slots);
        if (reason is not null)
            return null;

        // What still reads the mask or anything else of one request shows only once the lengths are replaced.
        (OnnxModel Model, ReducedVocabulary? Vocabulary) rewritten = Apply(original, Names(states.Select(state => state.Tensor)), slots, folder);
        reason = FindForeignInput(rewritten.Model.Graph, folder);
        return reason is null ? rewritten : null;
    }

    private static (OnnxModel Model, ReducedVocabulary? Vocabulary) Apply(OnnxModel original, HashSet<string> states, int slots, ModelFolder folder)
    {
        OnnxModel model = original.Clone();
        OnnxGraph graph = model.Graph;
        var attentions = graph.Node.Where(AttentionNodes.Is).ToList();
        HashSet<string> pasts = Names(attentions.SelectMany(AttentionNodes.Pasts));
        HashSet<string> presents = Names(attentions.SelectMany(AttentionNodes.Presents));
        foreach (string cache in attentions.Where(StandardAttention.Is).SelectMany(node => StandardAttention.Pasts(node).Concat(StandardAttention.Presents(node))))
            Flatten(graph, cache);

        Replace(graph.Output, [.. graph.Output.Where(output => output.Name == folder.Names.Logits || states.Contains(output.Name) || folder.Names.RowOutputs.Contains(output.Name) || presents.Contains(output.Name))]);
        OnnxNode? first = attentions.Find(StandardAttention.Is);
        Replace(graph.Node, [.. graph.Node.SelectMany(node => AttentionNodes.Is(node) ? AttentionNodes.Split(node, slots, isFirst: node == first) : [node])]);
        ReducedVocabulary? vocabulary = VocabularyGather.TryCut(graph, folder.Names.Logits);
        DropUnused(graph);
        IReadOnlySet<string> moved = HeadRows.Insert(graph, folder.Names.Logits);

        HashSet<string> read = Names(graph.Node.SelectMany(GraphWalk.Reads));
        Replace(
            graph.Input,
            [
                .. graph.Input.Where(input => read.Contains(input.Name)),
                .. slots > 1 ? [Vector(SlotNames.Lengths, OnnxElement.Int64, new OnnxDimension { DimValue = slots })] : (OnnxValueInfo[])[],
                .. moved.Count > 0 ? [Vector(SlotNames.Rows, OnnxElement.Int64, new OnnxDimension { DimParam = SlotNames.Rows })] : (OnnxValueInfo[])[],
                .. Enumerable.Range(0, slots).SelectMany(slot => Lengths(slot).Concat(OfSlot(graph.Input, pasts, slot))),
            ]);
        Replace(
            graph.Output,
            [
                .. graph.Output.Where(output => !presents.Contains(output.Name)),
                .. Enumerable.Range(0, slots).SelectMany(slot => OfSlot(graph.Output, presents, slot)),
            ]);

        Replace(graph.ValueInfo, [.. SlotShapes.Of(original.Graph, graph, folder).Where(shape => !moved.Contains(shape.Name))]);
        return (model, vocabulary);
    }

    /// <summary>Why a graph cannot be rewritten, as far as that shows before its lengths are replaced; or null.</summary>
    public static string? FindObstacle(OnnxModel model, ModelFolder folder, IReadOnlySet<string> causalMasks, int slots)
    {
        OnnxGraph graph = model.Graph;
        if (graph.Input.Concat(graph.Output).FirstOrDefault(IsOfSlot) is { } slotted)
            return $"'{slotted.Name}' is already named like a slot's tensor";
        if (slots > 1 && GraphWalk.OperatorSet(model) < 13)
            return "the graph is older than operator set 13, whose Split takes its lengths as an input";

        var attentions = graph.Node.Where(AttentionNodes.Is).ToList();
        if (attentions.Count == 0)
            return "the graph has no GroupQueryAttention and no Attention";

        return attentions.Select(node => AttentionNodes.FindObstacle(node, model, folder.Names.AttentionMask, causalMasks)).FirstOrDefault(reason => reason is not null)
            ?? FindLogitsFault(graph, folder);
    }

    private static IEnumerable<OnnxValueInfo> Lengths(int slot) =>
        [Vector(SlotNames.SeqLens(slot), OnnxElement.Int32, new OnnxDimension { DimValue = 1 }), Vector(SlotNames.Total(slot), OnnxElement.Int32, new OnnxDimension { DimValue = 1 })];

    private static IEnumerable<OnnxValueInfo> OfSlot(IEnumerable<OnnxValueInfo> values, HashSet<string> names, int slot)
    {
        foreach (OnnxValueInfo value in values.Where(value => names.Contains(value.Name)))
        {
            OnnxValueInfo own = value.Clone();
            own.Name = SlotNames.Prefix(slot) + value.Name;

            // Capacities differ from slot to slot; one symbol for all would tell ONNX Runtime that they are equal.
            foreach (OnnxDimension dimension in own.Type.TensorType.Shape?.Dim.Skip(1).Where(dimension => dimension.HasDimParam) ?? [])
                dimension.DimParam = SlotNames.Prefix(slot) + dimension.DimParam;
            yield return own;
        }
    }

    // Entries of ONNX's own attention hold all heads side by side, as its rows do: [1, entries, width].
    private static void Flatten(OnnxGraph graph, string cache)
    {
        OnnxShape shape = graph.Input.Concat(graph.Output).First(value => value.Name == cache).Type.TensorType.Shape;
        OnnxDimension width = new() { DimValue = StandardAttention.WidthOf(graph, cache) };
        OnnxDimension batch = shape.Dim[0];
        shape.Dim.Clear();
        shape.Dim.AddRange([batch, new OnnxDimension { DimParam = $"{cache}/entries" }, width]);
    }

    private static string? FindLogitsFault(OnnxGraph graph, ModelFolder folder)
    {
        OnnxValueInfo? logits = graph.Output.FirstOrDefault(output => output.Name == folder.Names.Logits);
        if (logits is null)
            return $"the graph has no output '{folder.Names.Logits}'";

        return logits.Type?.TensorType?.Shape?.Dim is [_, { HasDimValue: true, DimValue: 1 }, _] ? $"'{logits.Name}' has a fixed length of 1" : null;
    }

    private static string? FindForeignInput(OnnxGraph rewritten, ModelFolder folder)
    {
        HashSet<string> known = Names(rewritten.Initializer.Select(tensor => tensor.Name).Concat([folder.Names.InputIds, folder.Names.PositionIds, FactorSwitch.Input, .. folder.Names.RowInputs]));
        OnnxValueInfo? foreign = rewritten.Input.FirstOrDefault(input => !known.Contains(input.Name) && !IsOfSlot(input));
        if (foreign is null)
            return !folder.Names.ReadsIds || rewritten.Input.Any(input => input.Name == folder.Names.InputIds) ? null : $"the graph has no input '{folder.Names.InputIds}'";

        OnnxNode reader = rewritten.Node.First(node => GraphWalk.Reads(node).Contains(foreign.Name));
        return $"the input '{foreign.Name}' is read by {GraphWalk.Describe(reader)}, not only for the lengths of attention";
    }

    /// <summary>Drops nodes without readers, such as those that computed lengths from the mask, and then weights without readers.</summary>
    private static void DropUnused(OnnxGraph graph)
    {
        // In topological order a node's readers come after it: one pass backwards finds all that is dead.
        HashSet<string> used = Names(graph.Output.Select(output => output.Name));
        used.UnionWith(graph.Node.Where(node => AttentionNodes.Is(node) || node.OpType == "TensorScatter").SelectMany(node => node.Output));
        List<OnnxNode> kept = [.. GraphWalk.Behind(graph, used)];
        kept.Reverse();
        Replace(graph.Node, kept);
        Replace(graph.Initializer, [.. graph.Initializer.Where(tensor => used.Contains(tensor.Name))]);
    }

    private static bool IsOfSlot(OnnxValueInfo value) => value.Name.StartsWith("slot", StringComparison.Ordinal);

    private static HashSet<string> Names(IEnumerable<string> names) => names.ToHashSet(StringComparer.Ordinal);

    private static OnnxValueInfo Vector(string name, int element, OnnxDimension length) => new()
    {
        Name = name,
        Type = new OnnxType
        {
            TensorType = new OnnxTensorType { ElemType = element, Shape = new OnnxShape { Dim = { length } } },
        },
    };

    private static void Replace<T>(Google.Protobuf.Collections.RepeatedField<T> field, List<T> values)
    {
        field.Clear();
        field.AddRange(values);
    }
}
