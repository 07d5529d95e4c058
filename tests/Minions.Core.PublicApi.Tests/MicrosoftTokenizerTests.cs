using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.ML.Tokenizers;
using Minions.Core.Tokenization;

namespace Minions.Core.PublicApi.Tests;

/// <summary>The adapter that the configuration page shows, over the same vocabulary as a tokenizer of the library's own.</summary>
public partial class MicrosoftTokenizerTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Tokenizers, "gpt2-like");

    private static readonly string[] Seams = ["the ", " a", "It's", "\n", "  ", "12", "\u00E9", "\u4E2D", "\u3042", "!"];

    // .NET's expressions count UTF-16 units, so both tokenizers split alike only texts of the Basic Multilingual Plane.
    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.Int[0, Seams.Length - 1].Select(index => Seams[index]),
            Gen.Char['a', 'z'].Select(letter => letter.ToString()))
        .Array[0, 40].Select(string.Concat);

    private readonly HuggingFaceTokenizer _own = HuggingFaceTokenizer.Load(Folder);
    private readonly MicrosoftTokenizer _adapter = new(ReadVocabulary(), new HashSet<int>());

    [Test]
    public void The_adapter_encodes_as_the_tokenizer_of_the_same_vocabulary() =>
        Texts.Sample(text => _adapter.Encode(text).SequenceEqual(_own.Encode(text, addBeginToken: false)), iter: 1000);

    [Test]
    public void The_adapter_decodes_what_it_encoded() => Texts.Sample(text => _adapter.Decode(_adapter.Encode(text)) == text, iter: 1000);

    [Test]
    public void A_stream_from_the_adapter_gives_the_whole_text_and_no_part_of_a_character() => Texts.Sample(
        text =>
        {
            ITokenDecoder decoder = _adapter.CreateDecoder([]);
            List<string> pieces = [.. _adapter.Encode(text).Select(decoder.Append)];
            return pieces.All(piece => !piece.Contains('\uFFFD')) && string.Concat(pieces) + decoder.Complete() == text;
        },
        iter: 1000);

    [Test]
    public void A_begin_token_is_put_in_front_once()
    {
        var adapter = new MicrosoftTokenizer(ReadVocabulary(), new HashSet<int>(), beginToken: 3);

        Assert.That(adapter.Encode("")[0], Is.EqualTo(3));
        Assert.That(adapter.Encode("a", addBeginToken: false), Does.Not.Contain(3));
    }

    [Test]
    public void The_configuration_page_shows_the_adapter_that_is_compiled_here()
    {
        string page = File.ReadAllText(RepositoryFiles.PathOf("docs", "configuration.md")).ReplaceLineEndings("\n");
        string[] parts = File.ReadAllText(RepositoryFiles.PathOf("tests", "Minions.Core.PublicApi.Tests", "MicrosoftTokenizer.cs"))
            .ReplaceLineEndings("\n").Split("// <example>\n")[1..];

        Assert.That(page, Does.Contain("```csharp\n" + string.Concat(parts.Select(part => part.Split("// </example>")[0])).TrimEnd() + "\n```"));
    }

    private static BpeTokenizer ReadVocabulary()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "tokenizer.json")));
        JsonElement model = document.RootElement.GetProperty("model");
        return BpeTokenizer.Create(new BpeOptions(model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32()))
        {
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(MergeOf)],
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Gpt2Words(), specialTokens: null),
        });
    }

    private static string MergeOf(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}";

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Gpt2Words();
}
