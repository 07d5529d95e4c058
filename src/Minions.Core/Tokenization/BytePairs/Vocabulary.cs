using Minions.Core.Json;

namespace Minions.Core.Tokenization.BytePairs;

/// <summary>The tokens of a byte-pair model and its merges, in rank order.</summary>
internal sealed class Vocabulary
{
    private readonly int _prefixLength;

    private Vocabulary(Dictionary<string, int> ids, List<(string Left, string Right)> merges, int prefixLength)
    {
        Ids = ids;
        Merges = merges;
        _prefixLength = prefixLength;
    }

    public IReadOnlyDictionary<string, int> Ids { get; }

    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>What two tokens become. The second one's mark that it continues a word is left out.</summary>
    public string Merged(string left, string right) => Merged(left, right, _prefixLength);

    /// <param name="model">The <c>model</c>.</param>
    /// <param name="prefixLength">The length of the mark of tokens that continue a word.</param>
    public static Vocabulary Read(JsonPart model, int prefixLength)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var taken = new HashSet<int>();
        foreach ((string token, JsonPart value) in model.Required("vocab").Members())
        {
            int id = value.Integer();
            if (id < 0)
                throw value.Fault("is a negative id");
            if (!ids.TryAdd(token, id))
                throw value.Fault("is a token that occurs twice");
            if (!taken.Add(id))
                throw value.Fault($"has the id {id}, which another token has too");
        }

        var merges = new List<(string, string)>();
        foreach (JsonPart item in model.Required("merges").Items())
        {
            (string Left, string Right) merge = ReadMerge(item);
            RequireToken(ids, merge.Left, item);
            RequireToken(ids, merge.Right, item);
            if (merge.Right.Length < prefixLength)
                throw item.Fault($"has the second token '{merge.Right}', shorter than the mark of tokens that continue a word");
            RequireToken(ids, Merged(merge.Left, merge.Right, prefixLength), item);
            merges.Add(merge);
        }

        return new Vocabulary(ids, merges, prefixLength);
    }

    private static (string Left, string Right) ReadMerge(JsonPart item)
    {
        if (item.IsString)
        {
            // The older form; it cannot hold tokens with spaces.
            string text = item.Text();
            int space = text.IndexOf(' ');
            if (space <= 0 || space == text.Length - 1 || text.IndexOf(' ', space + 1) >= 0)
                throw item.Fault($"is '{text}', not two tokens with a space between");
            return (text[..space], text[(space + 1)..]);
        }

        string[] pair = item.Items().Take(3).Select(token => token.Text()).ToArray();
        return pair.Length == 2 ? (pair[0], pair[1]) : throw item.Fault("is not a pair of tokens");
    }

    private static string Merged(string left, string right, int prefixLength) => left + right[prefixLength..];

    private static void RequireToken(Dictionary<string, int> ids, string token, JsonPart item)
    {
        if (!ids.ContainsKey(token))
            throw item.Fault($"needs the token '{token}', which is not in model.vocab");
    }
}
