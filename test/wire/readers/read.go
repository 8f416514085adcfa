// Reads JSON-RPC messages as Go does, and says what it read. Frames come on standard input, each a decimal length in bytes, a line
// feed and so many bytes. For each one line goes out: the whole message in canonical form, a tab, and the fields that a server
// with the usual structs takes: without regard to case, the last of several keys.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
)

func decimal(text string) string {
	negative := strings.HasPrefix(text, "-")
	mantissa, power, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(text, "-")), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	kept := strings.TrimRight(digits, "0")
	exponent, ok := new(big.Int).SetString("0"+strings.TrimLeft(power, "+-"), 10)
	if !ok {
		return "no exponent: " + power
	}
	if strings.HasPrefix(power, "-") {
		exponent.Neg(exponent)
	}
	exponent.Add(exponent, big.NewInt(int64(len(whole)-len(kept))))
	kept = strings.TrimLeft(kept, "0")
	if kept == "" {
		return "0"
	}
	sign := ""
	if negative {
		sign = "-"
	}
	return sign + kept + "e" + exponent.String()
}

func quoted(out *bytes.Buffer, text string) {
	out.WriteByte('"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteRune(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\r':
			out.WriteString(`\r`)
		case c == '\t':
			out.WriteString(`\t`)
		case c == '\b':
			out.WriteString(`\b`)
		case c == '\f':
			out.WriteString(`\f`)
		case c >= 0x20 && c < 0x7f:
			out.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(out, `\u%04x`, c)
		}
	}
	out.WriteByte('"')
}

func canonical(out *bytes.Buffer, value any) {
	switch v := value.(type) {
	case nil:
		out.WriteString("null")
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case json.Number:
		out.WriteString(decimal(string(v)))
	case string:
		quoted(out, v)
	case []any:
		out.WriteByte('[')
		for i, one := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			canonical(out, one)
		}
		out.WriteByte(']')
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		out.WriteByte('{')
		for i, key := range keys {
			if i > 0 {
				out.WriteByte(',')
			}
			quoted(out, key)
			out.WriteByte(':')
			canonical(out, v[key])
		}
		out.WriteByte('}')
	}
}

func generic(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("text after the value")
	}
	return value, nil
}

type fields map[string]any

func (f fields) put(path string, raw json.RawMessage) {
	if raw == nil {
		return
	}
	if value, err := generic(raw); err == nil {
		f[path] = value
	}
}

// enter is whether a field holds an object, which then is read into the struct; anything else is put down as it is.
func (f fields) enter(path string, raw json.RawMessage, into any) bool {
	if len(raw) > 0 && bytes.TrimSpace(raw)[0] == '{' && unmarshal(raw, into) == nil {
		return true
	}
	f.put(path, raw)
	return false
}

func typed(data []byte) (fields, error) {
	f := fields{}
	var m message
	if err := unmarshal(data, &m); err != nil {
		return nil, err
	}
	f.put("id", m.ID)
	f.put("method", m.Method)
	var p params
	if !f.enter("params", m.Params, &p) {
		return f, nil
	}
	for path, raw := range map[string]json.RawMessage{
		"name": p.Name, "arguments": p.Arguments, "uri": p.URI, "cursor": p.Cursor, "level": p.Level, "task": p.Task,
		"taskId": p.TaskID, "requestId": p.RequestID, "reason": p.Reason, "progressToken": p.ProgressToken,
		"progress": p.Progress, "total": p.Total, "protocolVersion": p.ProtocolVersion, "capabilities": p.Capabilities,
		"inputResponses": p.InputResponses, "requestState": p.RequestState, "notifications": p.Notifications,
	} {
		f.put("params."+path, raw)
	}
	var t meta
	if f.enter("params._meta", p.Meta, &t) {
		f.put("params._meta.progressToken", t.ProgressToken)
		f.put("params._meta.io.modelcontextprotocol/protocolVersion", t.Version)
		f.put("params._meta.io.modelcontextprotocol/clientCapabilities", t.Capabilities)
		f.put("params._meta.io.modelcontextprotocol/logLevel", t.LogLevel)
		var i info
		if f.enter("params._meta.io.modelcontextprotocol/clientInfo", t.Client, &i) {
			f.put("params._meta.io.modelcontextprotocol/clientInfo.name", i.Name)
			f.put("params._meta.io.modelcontextprotocol/clientInfo.version", i.Version)
		}
	}
	var r ref
	if f.enter("params.ref", p.Ref, &r) {
		f.put("params.ref.type", r.Type)
		f.put("params.ref.name", r.Name)
		f.put("params.ref.uri", r.URI)
	}
	var a argument
	if f.enter("params.argument", p.Argument, &a) {
		f.put("params.argument.name", a.Name)
		f.put("params.argument.value", a.Value)
	}
	var c context
	if f.enter("params.context", p.Context, &c) {
		f.put("params.context.arguments", c.Arguments)
	}
	var i info
	if f.enter("params.clientInfo", p.ClientInfo, &i) {
		f.put("params.clientInfo.name", i.Name)
		f.put("params.clientInfo.version", i.Version)
	}
	return f, nil
}

func answer(out *bytes.Buffer, data []byte) {
	value, err := generic(data)
	object, isObject := value.(map[string]any)
	if err == nil && !isObject {
		err = fmt.Errorf("no object")
	}
	if err == nil {
		canonical(out, object)
		out.WriteByte('\t')
		var f fields
		if f, err = typed(data); err == nil {
			canonical(out, map[string]any(f))
			return
		}
	}
	out.Reset()
	out.WriteString("fault: " + strings.NewReplacer("\n", " ", "\t", " ").Replace(err.Error()))
}

func main() {
	source, target := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriterSize(os.Stdout, 1<<20)
	var line bytes.Buffer
	for {
		head, err := source.ReadString('\n')
		if err != nil {
			return
		}
		length, err := strconv.Atoi(strings.TrimSuffix(head, "\n"))
		if err != nil {
			panic(err)
		}
		data := make([]byte, length)
		if _, err := io.ReadFull(source, data); err != nil {
			panic(err)
		}
		line.Reset()
		answer(&line, data)
		line.WriteByte('\n')
		target.Write(line.Bytes())
		// Answers are asked for in batches; an empty frame ends one.
		if length == 0 {
			target.Flush()
		}
	}
}
