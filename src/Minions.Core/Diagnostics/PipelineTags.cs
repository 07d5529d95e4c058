namespace Minions.Core.Diagnostics;

/// <summary>The tags of a pipeline's measurements, made once so that a measurement allocates none.</summary>
internal sealed class PipelineTags
{
    private const string RoleTag = "minions.model.role";

    private readonly KeyValuePair<string, object?>[] _pipeline;
    private readonly KeyValuePair<string, object?>[][] _positions;
    private readonly KeyValuePair<string, object?>[][] _drafts;
    private readonly KeyValuePair<string, object?>[][] _draftRoles;

    /// <param name="pipeline">The name it is registered by; empty for the default one, which has no tag.</param>
    /// <param name="drafts">The names of its drafts.</param>
    /// <param name="positions">The most ids of a chain.</param>
    public PipelineTags(string pipeline, IReadOnlyList<string> drafts, int positions)
    {
        Name = pipeline;
        _pipeline = pipeline.Length == 0 ? [] : [new(MinionsTelemetry.PipelineTag, pipeline)];
        _positions = [.. Enumerable.Range(0, positions).Select(position => With(Tag("position", position)))];
        _drafts = [.. drafts.Select(draft => With(Tag(MinionsTelemetry.DraftTag, draft)))];
        _draftRoles = [.. drafts.Select(draft => With(Tag(RoleTag, "draft"), Tag(MinionsTelemetry.DraftTag, draft)))];
        TargetRole = With(Tag(RoleTag, "target"));
    }

    public string Name { get; }

    public int DraftCount => _drafts.Length;

    public ReadOnlySpan<KeyValuePair<string, object?>> Pipeline => _pipeline;

    public KeyValuePair<string, object?>[] TargetRole { get; }

    public ReadOnlySpan<KeyValuePair<string, object?>> Position(int position) => _positions[position];

    public ReadOnlySpan<KeyValuePair<string, object?>> Draft(int draft) => _drafts[draft];

    public KeyValuePair<string, object?>[] DraftRole(int draft) => _draftRoles[draft];

    private KeyValuePair<string, object?>[] With(params ReadOnlySpan<KeyValuePair<string, object?>> tags) => [.. _pipeline, .. tags];

    private static KeyValuePair<string, object?> Tag(string key, object value) => new(key, value);
}
