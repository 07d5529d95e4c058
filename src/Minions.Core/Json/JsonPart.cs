using System.Text.Json;

namespace Minions.Core.Json;

/// <summary>One value of a JSON file that remembers where it stands, so that every fault names the file and the place.</summary>
internal readonly struct JsonPart
{
    private readonly JsonElement _element;
    private readonly string? _parent;
    private readonly string? _name;
    private readonly int _index;

    private JsonPart(JsonElement element, string file, string? parent = null, string? name = null, int index = 0)
    {
        _element = element;
        File = file;
        _parent = parent;
        _name = name;
        _index = index;
    }

    public string File { get; }

    /// <summary>Where the value stands; put together only when asked for, as a vocabulary has a hundred thousand parts without fault.</summary>
    public string Place => _parent is null ? "the root" : _name is null ? $"{_parent}[{_index}]" : _parent.Length == 0 ? _name : $"{_parent}.{_name}";

    public JsonValueKind Kind => _element.ValueKind;

    /// <summary>The value as the file writes it.</summary>
    public string RawText => _element.GetRawText();

    public bool IsString => _element.ValueKind == JsonValueKind.String;

    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    public static JsonPart Root(JsonDocument document, string file)
    {
        var root = new JsonPart(document.RootElement, file);
        return root.IsObject ? root : throw root.Fault("is not a JSON object");
    }

    /// <summary>A member that is there and not <c>null</c>.</summary>
    public JsonPart? Optional(string name) =>
        Object().TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? new JsonPart(value, File, PlaceAsParent(), name)
            : null;

    /// <summary>The value at a dotted path; none where it, or a parent of it, is absent or <c>null</c>, or a parent is no object.</summary>
    public JsonPart? At(string path)
    {
        JsonPart part = this;
        foreach (string name in path.Split('.'))
        {
            if (!part.IsObject || part.Optional(name) is not { } member)
                return null;

            part = member;
        }

        return part;
    }

    public JsonPart Required(string name) => Optional(name) ?? throw Fault($"has no '{name}'");

    public string Text() => IsString ? _element.GetString()! : throw Fault("is not a string");

    public string Text(string name) => Required(name).Text();

    public int Integer() =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetInt32(out int value) ? value : throw Fault("is not a 32-bit integer");

    public int Integer(string name) => Required(name).Integer();

    public int Integer(string name, int absent) => Optional(name)?.Integer() ?? absent;

    public double Number() => _element.ValueKind == JsonValueKind.Number ? _element.GetDouble() : throw Fault("is not a number");

    public bool Flag(string name, bool absent) => Optional(name) is not { } member ? absent : member._element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw member.Fault("is neither true nor false"),
    };

    public IEnumerable<JsonPart> Items()
    {
        if (_element.ValueKind != JsonValueKind.Array)
            throw Fault("is not an array");

        (string file, string place) = (File, PlaceAsParent());
        return _element.EnumerateArray().Select((item, index) => new JsonPart(item, file, place, name: null, index));
    }

    public IEnumerable<(string Name, JsonPart Value)> Members()
    {
        (string file, string place) = (File, PlaceAsParent());
        return Object().EnumerateObject().Select(member =>
        {
            string name = member.Name;
            return (name, new JsonPart(member.Value, file, place, name));
        });
    }

    public ModelLoadException Fault(string what) => new($"{System.IO.Path.GetFileName(File)} cannot be used: {Place} {what} (in '{File}').", File);

    private JsonElement Object() => IsObject ? _element : throw Fault("is not a JSON object");

    private string PlaceAsParent() => _parent is null ? string.Empty : Place;
}
