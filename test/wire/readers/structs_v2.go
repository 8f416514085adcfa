//go:build goexperiment.jsonv2

package main

import (
	"encoding/json"
	"encoding/json/jsontext"
	v2 "encoding/json/v2"
)

// The second version of the package, asked to ignore case: it ignores "_" and "-" as well.
func unmarshal(data []byte, into any) error {
	return v2.Unmarshal(data, into, jsontext.AllowDuplicateNames(true))
}

type message struct {
	ID     json.RawMessage `json:"id,case:ignore"`
	Method json.RawMessage `json:"method,case:ignore"`
	Params json.RawMessage `json:"params,case:ignore"`
}

type params struct {
	Meta            json.RawMessage `json:"_meta,case:ignore"`
	Name            json.RawMessage `json:"name,case:ignore"`
	Arguments       json.RawMessage `json:"arguments,case:ignore"`
	URI             json.RawMessage `json:"uri,case:ignore"`
	Cursor          json.RawMessage `json:"cursor,case:ignore"`
	Ref             json.RawMessage `json:"ref,case:ignore"`
	Argument        json.RawMessage `json:"argument,case:ignore"`
	Context         json.RawMessage `json:"context,case:ignore"`
	Level           json.RawMessage `json:"level,case:ignore"`
	Task            json.RawMessage `json:"task,case:ignore"`
	TaskID          json.RawMessage `json:"taskId,case:ignore"`
	RequestID       json.RawMessage `json:"requestId,case:ignore"`
	Reason          json.RawMessage `json:"reason,case:ignore"`
	ProgressToken   json.RawMessage `json:"progressToken,case:ignore"`
	Progress        json.RawMessage `json:"progress,case:ignore"`
	Total           json.RawMessage `json:"total,case:ignore"`
	ProtocolVersion json.RawMessage `json:"protocolVersion,case:ignore"`
	Capabilities    json.RawMessage `json:"capabilities,case:ignore"`
	ClientInfo      json.RawMessage `json:"clientInfo,case:ignore"`
	InputResponses  json.RawMessage `json:"inputResponses,case:ignore"`
	RequestState    json.RawMessage `json:"requestState,case:ignore"`
	Notifications   json.RawMessage `json:"notifications,case:ignore"`
}

type meta struct {
	Version       json.RawMessage `json:"io.modelcontextprotocol/protocolVersion,case:ignore"`
	Capabilities  json.RawMessage `json:"io.modelcontextprotocol/clientCapabilities,case:ignore"`
	Client        json.RawMessage `json:"io.modelcontextprotocol/clientInfo,case:ignore"`
	LogLevel      json.RawMessage `json:"io.modelcontextprotocol/logLevel,case:ignore"`
	ProgressToken json.RawMessage `json:"progressToken,case:ignore"`
}

type ref struct {
	Type json.RawMessage `json:"type,case:ignore"`
	Name json.RawMessage `json:"name,case:ignore"`
	URI  json.RawMessage `json:"uri,case:ignore"`
}

type argument struct {
	Name  json.RawMessage `json:"name,case:ignore"`
	Value json.RawMessage `json:"value,case:ignore"`
}

type context struct {
	Arguments json.RawMessage `json:"arguments,case:ignore"`
}

type info struct {
	Name    json.RawMessage `json:"name,case:ignore"`
	Version json.RawMessage `json:"version,case:ignore"`
}
