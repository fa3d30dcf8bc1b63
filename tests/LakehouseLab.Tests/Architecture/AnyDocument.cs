using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;

namespace LakehouseLab.Tests.Architecture;

/// <summary>Makes a value of any type of document with all that may be absent, or without.</summary>
internal static class AnyDocument
{
    private static readonly NullabilityInfoContext s_nullability = new();

    /// <summary>Makes a value.</summary>
    /// <param name="type">The type.</param>
    /// <param name="full">Whether optional members have values, and lists an entry.</param>
    public static object Make(Type type, bool full)
    {
        Type own = Nullable.GetUnderlyingType(type) ?? type;
        return Simple(own) ?? Collection(own, full) ?? Record(own, full);
    }

    private static object? Simple(Type type) =>
        type == typeof(string) ? "a \"text\" ü"
        : type == typeof(int) ? 7
        : type == typeof(byte) ? (byte)3
        : type == typeof(long) ? 1L << 40
        : type == typeof(double) ? 0.5
        : type == typeof(decimal) ? 1.25m
        : type == typeof(bool) ? true
        : type == typeof(Guid) ? new Guid(1, 2, 3, new byte[8])
        : type == typeof(DateOnly) ? new DateOnly(2026, 2, 28)
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(2026, 2, 28, 1, 2, 3, 456, TimeSpan.Zero)
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(90)
        : type.IsEnum ? Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)
        : null;

    private static object? Collection(Type type, bool full)
    {
        if (type.IsArray)
        {
            Array array = Array.CreateInstance(type.GetElementType()!, full ? 1 : 0);
            if (full)
            {
                array.SetValue(Make(type.GetElementType()!, full), 0);
            }

            return array;
        }

        Type[] arguments = type.GetGenericArguments();
        if (arguments.Length == 1 && type.IsAssignableFrom(typeof(List<>).MakeGenericType(arguments)))
        {
            IList list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(arguments))!;
            _ = full ? list.Add(Make(arguments[0], full)) : 0;
            return list;
        }

        if (arguments.Length == 2 && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(arguments)))
        {
            IDictionary dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
            if (full)
            {
                dictionary.Add(Make(arguments[0], full), Make(arguments[1], full));
            }

            return dictionary;
        }

        return null;
    }

    private static object Record(Type type, bool full)
    {
        ConstructorInfo constructor = type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length).FirstOrDefault()
            ?? throw new InvalidOperationException($"{type} is a document's part that this test cannot make: teach it to");
        object made = constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            full || !MayBeNull(s_nullability.Create(parameter), parameter.ParameterType) ? Make(parameter.ParameterType, full) : null)]);
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite && property.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always }))
        {
            if (full || !MayBeNull(s_nullability.Create(property), property.PropertyType))
            {
                property.SetValue(made, Make(property.PropertyType, full));
            }
        }

        return made;
    }

    private static bool MayBeNull(NullabilityInfo nullability, Type type) =>
        type.IsValueType ? Nullable.GetUnderlyingType(type) is not null : nullability.ReadState == NullabilityState.Nullable;
}
